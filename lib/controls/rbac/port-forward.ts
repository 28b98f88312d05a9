import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['get', 'create'], apiGroups: [''], resources: ['pods/portforward'] }];

export const portForward = control({
  ...rbac,
  id: 'K-RBA-06',
  title: 'roles open no tunnel to a pod',
  because: 'a tunnel through the API server passes every NetworkPolicy and load balancer',
  severity: Severity.MEDIUM,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'no role may'),
  remedy: 'remove the rule, and reach the program through its Service',
  references: { nsa: ['authn-authz'], scanners: { kubescape: ['C-0063'] } },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(role('Role', rule('', ['pods', 'services'], ['get']))),
    breaks: manifests(
      role('Role', rule('', ['pods/portforward'], ['create'])),
      role('ClusterRole', rule('', ['pods', 'pods/portforward'], ['get'])),
      role('Role', rule('', ['*/portforward'], ['*'])),
    ),
  },
});
