import { control } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { type Power, rbac, role, roles, rule, withoutPower, withoutPowerCel } from './roles';

const POWERS: readonly Power[] = [
  {
    verbs: ['delete', 'deletecollection'],
    apiGroups: [''],
    resources: ['namespaces', 'persistentvolumes', 'persistentvolumeclaims', 'secrets', 'configmaps', 'events'],
    unlessNamed: true,
  },
  { verbs: ['delete', 'deletecollection'], apiGroups: ['events.k8s.io'], resources: ['events'], unlessNamed: true },
  { verbs: ['delete', 'deletecollection'], apiGroups: ['apps'], resources: ['statefulsets'], unlessNamed: true },
];

/** Judged where deletion loses data or traces; whoever deletes a pod or a deployment loses a minute. */
export const deletion = control({
  ...rbac,
  id: 'K-RBA-18',
  title: 'few roles delete what holds data or traces',
  because: 'one call deletes every volume, secret or event of a namespace, or the namespace',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: roles,
  judge: (object) => withoutPower(object, POWERS, 'only what deploys may'),
  remedy: 'name the objects in resourceNames, or leave deletion to the pipeline',
  references: { nsa: ['authn-authz'], scanners: { kubescape: ['C-0007', 'C-0031'], trivy: ['KSV-0042'] } },
  cel: withoutPowerCel(POWERS),
  examples: {
    holds: manifests(
      role('Role', rule('', ['pods'], ['delete'])),
      role('Role', rule('', ['secrets'], ['delete'], ['lease'])),
      role('ClusterRole', rule('', ['events'], ['create', 'patch'])),
    ),
    breaks: manifests(
      role('ClusterRole', rule('', ['namespaces'], ['delete'])),
      role('Role', rule('', ['persistentvolumeclaims'], ['deletecollection'])),
      role('ClusterRole', rule('events.k8s.io', ['events'], ['*'])),
      role('Role', rule('*', ['*'], ['delete'])),
    ),
  },
});
