import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { bounds, inShop, shop } from './namespace-bounds';

const range = (limit: JsonObject) => inShop('LimitRange', { limits: [{ type: 'Container', ...limit }] });

/** A largest value is the default limit as well, where no default is given. */
export const limitRange = control({
  ...bounds,
  id: 'K-RES-07',
  title: 'namespaces have default limits of CPU and memory for containers',
  because: 'a container that says nothing otherwise takes what the node has, and under a quota is refused',
  severity: Severity.LOW,
  judge: ({ limitRanges }) => {
    for (const name of ['cpu', 'memory']) {
      const limited = limitRanges.some(
        ({ limits }) =>
          Array.isArray(limits) &&
          limits.some(
            (limit) =>
              isJsonObject(limit) &&
              limit.type === 'Container' &&
              (isSet(child(limit, 'default')[name]) || isSet(child(limit, 'max')[name])),
          ),
      );
      if (!limited) return fail(`no LimitRange of the namespace gives containers a default limit of ${name}, one must`, 'metadata.name');
    }
    return pass;
  },
  remedy: 'add a LimitRange of the type Container with default and defaultRequest; k8s.Tenant makes one',
  references: { nsa: ['dos'], scanners: { trivy: ['KSV-0039'] } },
  examples: {
    holds: [
      { manifests: [shop, range({ default: { cpu: '400m', memory: '256Mi' } })] },
      { manifests: [shop, range({ max: { cpu: '4', memory: '8Gi' } })] },
    ],
    breaks: [
      { manifests: [shop] },
      { manifests: [shop, range({ default: { cpu: '400m' } })] },
      { manifests: [shop, range({ defaultRequest: { cpu: '400m', memory: '256Mi' } })] },
      {
        name: 'of volumes',
        manifests: [shop, inShop('LimitRange', { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '1Ti' } }] })],
      },
    ],
  },
});
