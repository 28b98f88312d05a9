import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['create'], apiGroups: [''], resources: ['serviceaccounts/token'] }];

export const tokenCreation = control({
  ...rbac,
  id: 'K-RBA-11',
  title: 'no role makes tokens of service accounts',
  because: 'a token made for a service account is that account, wherever it is used',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'let pods be given their token by the kubelet, and remove the rule',
  references: { cisKubernetes: ['5.1.13'], nsa: ['authn-authz'], scanners: { kubescape: ['C-0282'] } },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(role('Role', rule('', ['serviceaccounts'], ['create'])), role('Role', rule('', ['serviceaccounts/token'], ['get']))),
    breaks: manifests(
      role('Role', rule('', ['serviceaccounts/token'], ['create'])),
      role('ClusterRole', rule('', ['serviceaccounts', 'serviceaccounts/token'], ['*'])),
      role('ClusterRole', rule('', ['serviceaccounts/token'], ['create'], ['default'])),
    ),
  },
});
