import { control, fail, pass, undecided } from '../control';
import { deployment, manifests, pod } from '../pod-examples';
import { workload } from '../pod-template';
import { Severity } from '../severity';

export const defaultNamespace = control({
  ...workload,
  id: 'K-NSP-01',
  title: 'workloads are not in the default namespace',
  because: 'quotas, policies and permissions are drawn around namespaces, and everything forgotten ends up in default',
  severity: Severity.LOW,
  boundary: 'namespace',
  threats: ['permission-mistake'],
  judge: ({ object }) => {
    if (object.namespace === 'default')
      return fail(`the ${object.kind} ${object.name} is in the namespace default, it must have one of its own`, 'metadata.namespace');
    return object.namespace === undefined
      ? undecided(
          `the ${object.kind} ${object.name} names no namespace; where it lands is decided when it is applied`,
          'metadata.namespace',
        )
      : pass;
  },
  remedy: 'give the workload a namespace of its team, with quota, policies and Pod Security labels',
  references: {
    cisEks: ['4.5.2'],
    cisKubernetes: ['5.6.4'],
    nsa: ['isolation'],
    scanners: { checkov: ['CKV_K8S_21'], 'kube-linter': ['use-namespace'], kubescape: ['C-0061', 'C-0212'], trivy: ['KSV-0110'] },
  },
  cel: "!has(object.metadata.namespace) || object.metadata.namespace != 'default'",
  examples: {
    holds: manifests(pod()),
    breaks: manifests(pod({}, { namespace: 'default' }), { ...deployment(pod()), metadata: { name: 'app', namespace: 'default' } }),
    undecided: manifests(pod({}, { namespace: null })),
  },
});
