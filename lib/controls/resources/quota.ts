import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { type Bounded, bounds, inShop, shop } from './namespace-bounds';

const BOUNDED = {
  CPU: ['requests.cpu', 'limits.cpu', 'cpu'],
  memory: ['requests.memory', 'limits.memory', 'memory'],
} as const;
/** A quota with scopes counts some of the pods, and leaves the others free. */
const isScoped = (quota: JsonObject): boolean => (Array.isArray(quota.scopes) && quota.scopes.length > 0) || isSet(quota.scopeSelector);
const boundsAny = ({ quotas }: Bounded, names: readonly string[]): boolean =>
  quotas.some((quota) => !isScoped(quota) && names.some((name) => isSet(child(quota, 'hard')[name])));

export const resourceQuota = control({
  ...bounds,
  id: 'K-RES-08',
  title: 'namespaces have a quota of CPU and memory',
  because: 'one team, or whoever has broken into one of its pods, otherwise takes the nodes of all others',
  severity: Severity.MEDIUM,
  judge: (namespace) => {
    for (const [word, names] of Object.entries(BOUNDED)) {
      if (!boundsAny(namespace, names)) return fail(`no ResourceQuota of the namespace bounds ${word}, one must`, 'metadata.name');
    }
    return pass;
  },
  remedy: 'add a ResourceQuota with requests.cpu, requests.memory, limits.cpu and limits.memory; k8s.Tenant makes one',
  references: { nsa: ['dos'], scanners: { trivy: ['KSV-0040'] } },
  examples: {
    holds: [
      { manifests: [shop, inShop('ResourceQuota', { hard: { 'requests.cpu': '8', 'limits.memory': '16Gi' } })] },
      {
        name: 'two quotas',
        manifests: [shop, inShop('ResourceQuota', { hard: { cpu: '8' } }), inShop('ResourceQuota', { hard: { memory: '1Gi' } })],
      },
    ],
    breaks: [
      { manifests: [shop] },
      { manifests: [shop, inShop('ResourceQuota', { hard: { pods: '100' } })] },
      { manifests: [shop, inShop('ResourceQuota', { hard: { cpu: '8' } })] },
      { name: 'of another namespace', manifests: [shop, inShop('ResourceQuota', { hard: { cpu: '8', memory: '1Gi' } }, 'other')] },
      {
        name: 'of some pods only',
        manifests: [shop, inShop('ResourceQuota', { hard: { cpu: '8', memory: '1Gi' }, scopes: ['BestEffort'] })],
      },
    ],
  },
});
