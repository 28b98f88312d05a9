import { control, fail, pass } from '../control';
import { deployment, manifests, pod } from '../pod-examples';
import { podCel, workload } from '../pod-template';
import { Severity } from '../severity';

const SYSTEM = ['kube-system', 'kube-public', 'kube-node-lease'];
/** What keeps a cluster running says so by its priority, which nothing else may take. */
const SYSTEM_PRIORITY = /^system-(cluster|node)-critical$/;

const inSystem = (of: ReturnType<typeof pod>) => ({ ...deployment(of), metadata: { name: 'app', namespace: 'kube-system' } });

export const systemNamespace = control({
  ...workload,
  id: 'K-NSP-02',
  title: 'the namespaces of the cluster hold nothing but what keeps it running',
  because: 'the accounts and secrets there can do more than any other, and policies and quotas leave the namespace out',
  severity: Severity.MEDIUM,
  boundary: 'namespace',
  threats: ['permission-mistake', 'workload-attack'],
  judge: ({ object, spec }) =>
    SYSTEM.includes(object.namespace as string) && !SYSTEM_PRIORITY.test(String(spec.priorityClassName))
      ? fail(
          `the ${object.kind} ${object.name} is in ${object.namespace} without the priority of a system component, it must have a namespace of its own`,
          'metadata.namespace',
        )
      : pass,
  remedy: 'move it to a namespace of its team; what does keep the cluster running takes the priority class system-cluster-critical',
  references: { nsa: ['isolation'], scanners: { trivy: ['KSV-0037'] } },
  cel: `!has(object.metadata.namespace) || !(object.metadata.namespace in ['kube-system', 'kube-public', 'kube-node-lease']) || (${podCel(
    (spec) => `has(${spec}.priorityClassName) && ${spec}.priorityClassName in ['system-cluster-critical', 'system-node-critical']`,
  )})`,
  examples: {
    holds: manifests(pod(), pod({}, { namespace: null }), inSystem(pod({ priorityClassName: 'system-cluster-critical' }))),
    breaks: manifests(inSystem(pod()), pod({}, { namespace: 'kube-public' }), inSystem(pod({ priorityClassName: 'high' }))),
  },
});
