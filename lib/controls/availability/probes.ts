import { isJsonObject, type JsonObject } from '../../inventory/value';
import { pass, type Verdict } from '../control';
import { everyContainer, type PodTemplate } from '../pod-template';

/** Fails naming every regular container without the probe. Init containers end, ephemeral ones have none. */
export function everyProbe(pod: PodTemplate, field: 'livenessProbe' | 'readinessProbe', word: string): Verdict {
  const { containers } = pod.spec;
  if (!Array.isArray(containers)) return pass;
  let missing = false;
  for (const body of containers) if (isJsonObject(body) && !isJsonObject(body[field])) missing = true;
  if (!missing) return pass;
  return everyContainer(pod, field, (body) =>
    containers.includes(body) && !isJsonObject(body[field]) ? `has no ${word}, it must have one` : undefined,
  );
}

const HANDLERS = ['httpGet', 'tcpSocket', 'exec', 'grpc'] as const;

/** True when both probes ask the same question. */
export function asksTheSame(one: JsonObject, other: JsonObject): boolean {
  for (const handler of HANDLERS) if (!equal(one[handler] ?? null, other[handler] ?? null)) return false;
  return true;
}

/** Seconds of failure after which a probe gives up, with the defaults of the API server. */
export function patience({ periodSeconds, failureThreshold }: JsonObject): number {
  return (typeof periodSeconds === 'number' ? periodSeconds : 10) * (typeof failureThreshold === 'number' ? failureThreshold : 3);
}

function equal(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  if (Array.isArray(one) !== Array.isArray(other) || keys.length !== Object.keys(other).length) return false;
  return keys.every((key) => equal((one as JsonObject)[key], (other as JsonObject)[key]));
}
