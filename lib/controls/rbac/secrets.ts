import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [{ verbs: ['get', 'list', 'watch'], apiGroups: [''], resources: ['secrets'], unlessNamed: true }];

/** With resourceNames a rule reads the named secrets alone: list and watch are then refused unless they select one of the names. */
export const secretReading = control({
  ...rbac,
  id: 'K-RBA-03',
  title: 'roles read secrets by name only',
  because: 'whoever lists secrets has every password, key and token of the namespace, or of the cluster',
  severity: Severity.HIGH,
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'it must name the secrets in resourceNames'),
  remedy: 'name the secrets that are read in resourceNames, or mount them into the pod instead',
  references: {
    cisEks: ['4.1.2'],
    cisKubernetes: ['5.1.2'],
    nsa: ['authn-authz'],
    scanners: {
      checkov: ['CKV2_K8S_5'],
      'kube-linter': ['access-to-secrets'],
      kubescape: ['C-0015', 'C-0186'],
      trivy: ['KSV-0041', 'KSV-0113'],
    },
  },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('Role', rule('', ['secrets'], ['get'], ['db'])),
      role('Role', rule('', ['configmaps'], ['get', 'list'])),
      role('ClusterRole', rule('external-secrets.io', ['secrets'], ['get'])),
      role('Role', rule('', ['secrets'], ['create'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('', ['secrets'], ['get'])),
      role('Role', rule('', ['pods', 'secrets'], ['list', 'watch'])),
      role('Role', rule('', ['*'], ['get'])),
      role('Role', rule('', ['secrets'], ['*'])),
      role('Role', rule('*', ['secrets'], ['get'])),
    ),
  },
});
