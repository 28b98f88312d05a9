import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { clusterRoleName, noSubjectCel, subjectAt, subjectNamed } from './references';
import { account, binding, bindings, group, rbac } from './roles';

const KINDS = ['User', 'Group'];
const ANYBODY = ['system:anonymous', 'system:unauthenticated'];
/** Kubernetes itself binds it: the version and the health of the API server. */
const PUBLIC = 'system:public-info-viewer';

export const anonymous = control({
  ...rbac,
  id: 'K-RBA-16',
  title: 'callers without a name are given nothing',
  because: 'whoever reaches the address of the API server is one of them, without any credential',
  severity: Severity.CRITICAL,
  threats: ['control-plane-attack'],
  subjects: bindings,
  judge: (object) => {
    const index = subjectNamed(object, KINDS, ANYBODY);
    return index < 0 || clusterRoleName(object) === PUBLIC
      ? pass
      : fail(
          `the ${object.kind} ${object.name} gives a role to ${subjectAt(object, index)}, which is everybody on the network`,
          `subjects[${index}].name`,
        );
  },
  remedy: 'remove the subject, and name the users, groups or service accounts that are meant',
  references: {
    nsa: ['authn-authz'],
    scanners: { kubescape: ['C-0262'], kubesec: ['BindingsToSystemAnonymous'], trivy: ['KSV-0122'] },
  },
  cel: `(has(object.roleRef) && has(object.roleRef.kind) && has(object.roleRef.name) && object.roleRef.kind == 'ClusterRole' && object.roleRef.name == '${PUBLIC}') || ${noSubjectCel(KINDS, ANYBODY)}`,
  examples: {
    holds: manifests(
      binding('ClusterRoleBinding', 'view', account),
      binding('ClusterRoleBinding', PUBLIC, group('system:unauthenticated')),
    ),
    breaks: manifests(
      binding('ClusterRoleBinding', 'view', group('system:unauthenticated')),
      binding('RoleBinding', 'view', account, { kind: 'User', name: 'system:anonymous' }),
      { ...binding('RoleBinding', 'x', group('system:unauthenticated')), roleRef: { kind: 'Role', name: PUBLIC } },
    ),
  },
});
