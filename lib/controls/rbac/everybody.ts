import type { KubernetesObject } from '../../inventory/model';
import { isJsonObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { clusterRoleName, roleOf, subjectAt, subjectNamed } from './references';
import { account, binding, bindings, group, rbac, role, rule, rulesOf } from './roles';

const EVERYBODY = ['system:authenticated', 'system:serviceaccounts'];
/** What Kubernetes itself gives them: to find the API, and to ask what they may do. */
const DISCOVERY = ['system:basic-user', 'system:discovery', 'system:public-info-viewer', 'system:service-account-issuer-discovery'];
const READING = ['get', 'list', 'watch'];

/** More than reading what holds no secret. */
function isElevated(role: KubernetesObject): boolean {
  return rulesOf(role).some((rule) => {
    if (!isJsonObject(rule)) return false;
    const { verbs, resources } = rule;
    if (!Array.isArray(verbs) || !verbs.every((verb) => READING.includes(verb as string))) return true;
    return Array.isArray(resources) && resources.some((resource) => resource === 'secrets' || String(resource).startsWith('*'));
  });
}

export const everybody = control({
  ...rbac,
  id: 'K-RBA-17',
  title: 'not everybody in the cluster is given a role that changes things or reads secrets',
  because: 'the group is every principal with an access entry and every service account, the one of a hijacked pod too',
  severity: Severity.HIGH,
  subjects: bindings,
  judge: (object, { inventory }) => {
    const index = subjectNamed(object, ['Group'], EVERYBODY);
    if (index < 0) return pass;
    const named = clusterRoleName(object);
    if (named !== undefined && DISCOVERY.includes(named)) return pass;
    const at = `subjects[${index}].name`;
    const given = `the ${object.kind} ${object.name} gives ${subjectAt(object, index)}`;
    const role = roleOf(inventory, object);
    if (role !== undefined)
      return isElevated(role) ? fail(`${given} the ${role.kind} ${role.name}, which does more than read what is no secret`, at) : pass;
    return named !== undefined && (named.startsWith('system:') || ['admin', 'cluster-admin', 'edit', 'view'].includes(named))
      ? fail(`${given} the ClusterRole ${named}, which must be given to those who need it`, at)
      : undecided(`${given} a role that was not read, so what everybody may do is open`, at);
  },
  remedy: 'bind the role to the groups and service accounts that need it',
  references: { nsa: ['authn-authz'], scanners: { kubescape: ['C-0265'], trivy: ['KSV-01011'] } },
  examples: {
    holds: [
      ...manifests(
        binding('ClusterRoleBinding', 'admin', account),
        binding('ClusterRoleBinding', 'system:discovery', group('system:authenticated')),
      ),
      {
        name: 'a role that reads a catalogue',
        manifests: [
          binding('ClusterRoleBinding', 'reader', group('system:authenticated')),
          role('ClusterRole', rule('', ['namespaces'], ['get', 'list'])),
        ],
      },
    ],
    breaks: [
      ...manifests(
        binding('ClusterRoleBinding', 'view', group('system:authenticated')),
        binding('RoleBinding', 'edit', group('system:serviceaccounts')),
        binding('ClusterRoleBinding', 'system:node-proxier', account, group('system:authenticated')),
      ),
      {
        name: 'a role that writes',
        manifests: [
          binding('ClusterRoleBinding', 'reader', group('system:authenticated')),
          role('ClusterRole', rule('', ['configmaps'], ['get', 'update'])),
        ],
      },
      {
        name: 'a role that reads secrets',
        manifests: [
          binding('ClusterRoleBinding', 'reader', group('system:authenticated')),
          role('ClusterRole', rule('', ['secrets'], ['get'])),
        ],
      },
    ],
    undecided: manifests(binding('ClusterRoleBinding', 'somebody-elses', group('system:authenticated'))),
  },
});
