import { isJsonObject, type Json } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { rbac, role, roles } from './roles';

const FIELDS = ['verbs', 'resources', 'apiGroups'] as const;
const has = (list: Json | undefined): boolean => Array.isArray(list) && list.includes('*');

/** A pattern such as pods/* in resources is a wildcard as well; in nonResourceURLs a trailing one is how URLs are named, and only `*` alone counts. */
export const rbacWildcards = control({
  ...rbac,
  id: 'K-RBA-02',
  title: 'roles name what they allow',
  because: 'a wildcard grants what will be added tomorrow: new verbs, new resources, secrets and the means to escalate',
  severity: Severity.HIGH,
  subjects: roles,
  judge: ({ object, kind, name }) => {
    const rules = Array.isArray(object.rules) ? object.rules : [];
    for (let index = 0; index < rules.length; index += 1) {
      const rule = rules[index];
      if (!isJsonObject(rule)) continue;
      for (const field of FIELDS) {
        const list = rule[field];
        const wild =
          has(list) ||
          (field === 'resources' && Array.isArray(list) && list.some((entry) => typeof entry === 'string' && entry.includes('*')));
        if (wild)
          return fail(`rule ${index} of ${kind} ${name} has the wildcard ${JSON.stringify(list)} in ${field}`, `rules[${index}].${field}`);
      }
      if (has(rule.nonResourceURLs)) return fail(`rule ${index} of ${kind} ${name} allows every URL`, `rules[${index}].nonResourceURLs`);
    }
    return pass;
  },
  remedy: 'list the verbs, resources and API groups that are called',
  references: {
    cisEks: ['4.1.3'],
    cisKubernetes: ['5.1.3'],
    nsa: ['authn-authz'],
    scanners: {
      checkov: ['CKV_K8S_49'],
      'kube-linter': ['wildcard-in-rules'],
      kubescape: ['C-0187'],
      polaris: ['rolebindingClusterAdminRole'],
      trivy: ['KSV-0044', 'KSV-0045', 'KSV-0046', 'KSV-0112'],
    },
  },
  cel: "!has(object.rules) || dyn(object.rules) == null || object.rules.all(r, !('*' in r.verbs) && (!has(r.resources) || r.resources.all(n, !n.contains('*'))) && (!has(r.apiGroups) || !('*' in r.apiGroups)) && (!has(r.nonResourceURLs) || !('*' in r.nonResourceURLs)))",
  examples: {
    holds: manifests(
      role('Role', { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }),
      role('ClusterRole', { nonResourceURLs: ['/healthz/*'], verbs: ['get'] }),
      role('Role'),
    ),
    breaks: manifests(
      role('ClusterRole', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }),
      role('Role', { apiGroups: [''], resources: ['pods'], verbs: ['*'] }),
      role('Role', { apiGroups: [''], resources: ['pods/*'], verbs: ['get'] }),
    ),
  },
});
