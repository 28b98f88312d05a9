import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['get', 'create'], apiGroups: [''], resources: ['pods/exec', 'pods/attach'] }];

/** Older API servers open a web socket for get as well as for create. */
export const podExec = control({
  ...rbac,
  id: 'K-RBA-05',
  title: 'roles open no shell in a pod',
  because: 'a shell in a running container has its identity, its secrets and its way through the network, and leaves little trace',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the rule; for emergencies keep a role that nobody is bound to and that is granted for hours',
  references: {
    nsa: ['authn-authz'],
    scanners: {
      checkov: ['CKV2_K8S_2'],
      kubescape: ['C-0002'],
      polaris: [
        'clusterrolePodExecAttach',
        'clusterrolebindingPodExecAttach',
        'rolePodExecAttach',
        'rolebindingClusterRolePodExecAttach',
        'rolebindingRolePodExecAttach',
      ],
      trivy: ['KSV-0053', 'KSV-0054'],
    },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(role('Role', rule('', ['pods', 'pods/log'], ['get'])), role('Role', rule('', ['pods/status'], ['get', 'patch']))),
    breaks: manifests(
      role('Role', rule('', ['pods/exec'], ['create'])),
      role('ClusterRole', rule('', ['pods/attach'], ['get'])),
      role('Role', rule('', ['*/exec'], ['create'])),
      role('Role', rule('', ['*'], ['create'])),
    ),
  },
});
