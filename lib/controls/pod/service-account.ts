import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { podCel, workload } from '../pod-template';
import { Severity } from '../severity';

export const serviceAccount = control({
  ...workload,
  id: 'K-POD-16',
  title: 'pods have a service account of their own',
  because: 'what is granted to the default account is granted to every pod of the namespace that names none',
  severity: Severity.MEDIUM,
  category: 'authentication',
  boundary: 'pod',
  threats: ['workload-attack', 'permission-mistake'],
  judge: (pod) => {
    const name = pod.spec.serviceAccountName || pod.spec.serviceAccount;
    const at = `${pod.specPath}.serviceAccountName`;
    if (name === undefined || name === null || name === '')
      return fail('the pod names no service account and runs as default, it must name its own', at);
    return name === 'default' ? fail('the pod runs as the service account default, it must name its own', at) : pass;
  },
  remedy: 'make a service account for the workload and name it in serviceAccountName',
  references: {
    cisKubernetes: ['5.1.5'],
    cisEks: ['4.1.5'],
    nsa: ['authn-authz'],
    scanners: {
      checkov: ['CKV_K8S_41', 'CKV_K8S_42'],
      'kube-linter': ['default-service-account'],
      kubescape: ['C-0189', 'C-0225'],
      kubesec: ['ServiceAccountName'],
    },
  },
  cel: podCel((spec) => `has(${spec}.serviceAccountName) && !(${spec}.serviceAccountName in ['', 'default'])`),
  examples: {
    holds: manifests(pod({ serviceAccountName: 'app' }), cronJob(pod({ serviceAccountName: 'nightly' }))),
    breaks: manifests(pod(), deployment(pod({ serviceAccountName: 'default' }))),
  },
});
