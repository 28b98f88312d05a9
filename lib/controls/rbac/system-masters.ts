import type { KubernetesObject } from '../../inventory/model';
import { control, fail, pass, type Subjects } from '../control';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { noSubjectCel, subjectNamed } from './references';
import { account, binding, bindings, group, rbac } from './roles';

const MASTERS = 'system:masters';

/** Bindings, and the ConfigMap by which EKS maps principals of IAM to groups. */
const mappings: Subjects<KubernetesObject> = {
  description: 'RoleBinding, ClusterRoleBinding, the ConfigMap aws-auth',
  *select(inventory) {
    yield* bindings.select(inventory);
    for (const resource of inventory.ofKind('ConfigMap')) {
      if (resource.namespace === 'kube-system' && resource.name === 'aws-auth') yield { resource, value: resource };
    }
  },
};

const awsAuth = (groups: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'aws-auth', namespace: 'kube-system' },
  data: { mapRoles: `- rolearn: arn:aws:iam::111122223333:role/ops\n  username: ops\n  groups:\n    - ${groups}\n` },
});

export const systemMasters = control({
  ...rbac,
  id: 'K-RBA-15',
  title: 'nobody is put into system:masters',
  because: 'the API server lets that group do everything without asking a role, so it can neither be narrowed nor revoked',
  severity: Severity.HIGH,
  threats: ['credential-leak', 'permission-mistake'],
  subjects: mappings,
  judge: (object) => {
    if (object.kind === 'ConfigMap') {
      const data = child(object.object, 'data');
      const key = Object.keys(data).find((name) => typeof data[name] === 'string' && data[name].includes(MASTERS));
      return key === undefined
        ? pass
        : fail(`${key} of the ConfigMap aws-auth maps somebody to ${MASTERS}, it must map to a group with roles`, `data.${key}`);
    }
    const index = subjectNamed(object, ['Group'], [MASTERS]);
    return index < 0
      ? pass
      : fail(`the ${object.kind} ${object.name} names the group ${MASTERS}, which no binding must need`, `subjects[${index}].name`);
  },
  remedy: 'give administrators an access entry of the cluster, and groups a role that names its rules',
  references: {
    cisKubernetes: ['5.1.7'],
    nsa: ['authn-authz'],
    scanners: { kubescape: ['C-0246'], trivy: ['KSV-0123'] },
  },
  cel: `[dyn(object)].all(o, o.kind == 'ConfigMap' ? !(o.metadata.name == 'aws-auth' && has(o.metadata.namespace) && o.metadata.namespace == 'kube-system' && has(o.data) && o.data.exists(k, o.data[k].contains('${MASTERS}'))) : (${noSubjectCel(['Group'], [MASTERS], 'o')}))`,
  examples: {
    holds: manifests(binding('ClusterRoleBinding', 'view', group('developers'), account), awsAuth('developers'), {
      ...binding('RoleBinding', 'view'),
      subjects: null,
    }),
    breaks: manifests(
      binding('ClusterRoleBinding', 'view', group(MASTERS)),
      binding('RoleBinding', 'edit', account, group(MASTERS)),
      awsAuth(MASTERS),
    ),
  },
});
