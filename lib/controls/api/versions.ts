import type { KubernetesObject } from '../../inventory/model';
import type { JsonObject } from '../../inventory/value';
import type { Subjects } from '../control';

/** Every Kubernetes object, whatever its kind. */
export const everyObject: Subjects<KubernetesObject> = {
  description: 'every Kubernetes object',
  *select(inventory) {
    for (const resource of inventory.kubernetes) yield { resource, value: resource };
  },
};

/** What both controls have in common. */
export const versions = {
  maturity: 'stable',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'app-team',
  threats: ['permission-mistake'],
  subjects: everyObject,
} as const;

/** What to write instead, as the end of a message. */
export function instead(use: string | undefined): string {
  return use === undefined ? 'and nothing takes its place' : `write ${use}`;
}

/** An object of this API version, for examples. */
export const of = (apiVersion: string, kind: string): JsonObject => ({ apiVersion, kind, metadata: { name: 'app', namespace: 'shop' } });
