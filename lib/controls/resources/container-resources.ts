import type { JsonObject } from '../../inventory/value';
import { type Context, type Fill, pass, type Verdict } from '../control';
import { celContainers, celHas, child, everyContainer, isSet, minor, type PodTemplate, podCel } from '../pod-template';
import { quantity } from './quantity';

type Group = 'requests' | 'limits';
type Name = 'cpu' | 'memory' | 'ephemeral-storage';

/** Resources of the pod as a whole are on by default from 1.34, for CPU and memory. */
const POD_LEVEL = 34;

function states(holder: JsonObject, group: Group, name: Name): boolean {
  const resources = child(holder, 'resources');
  if (isSet(child(resources, group)[name])) return true;
  // A limit alone is the request too: the API server copies it.
  return group === 'requests' && isSet(child(resources, 'limits')[name]);
}

/** Fails for every container without this request or limit, unless the pod as a whole has one. Ephemeral containers cannot have any. */
export function everyResource(pod: PodTemplate, context: Context, group: Group, name: Name): Verdict {
  if (name !== 'ephemeral-storage' && minor(context) >= POD_LEVEL && states(pod.spec, group, name)) return pass;
  return everyContainer(pod, `resources.${group}.${name}`, (body, { ephemeral }) =>
    ephemeral || states(body, group, name) ? undefined : `has no ${name} ${group === 'requests' ? 'request' : 'limit'}, it must have one`,
  );
}

/** The same for admission. A cluster without resources of the whole pod drops the field, so the text holds for every version. */
export function resourceCel(group: Group, name: Name): string {
  const stated = (at: string): string => {
    const of = (bound: Group): string => celHas(at, `resources.${bound}`, (field) => `'${name}' in ${field}`);
    return group === 'limits' ? of('limits') : `(${of('requests')} || ${of('limits')})`;
  };
  return podCel((spec) => {
    const each = celContainers(spec, stated('c'), false);
    return name === 'ephemeral-storage' ? each : `${stated(spec)} || ${each}`;
  });
}

/** Writes the request or limit where it is missing, kept on the right side of the other one. */
export function provideResource(spec: JsonObject, fill: Fill, group: Group, name: Name, value: string): void {
  if (name !== 'ephemeral-storage' && isSet(child(child(spec, 'resources'), group)[name])) return;
  const other = group === 'requests' ? 'limits' : 'requests';
  fill.containers(spec, (body, path) => {
    const resources = child(body, 'resources');
    if (isSet(child(resources, group)[name])) return;
    const bound = child(resources, other)[name];
    fill.set(fill.child(fill.child(body, 'resources'), group), name, within(group, value, bound), `${path}.resources.${group}`);
  });
}

/** A request never exceeds its limit: the API server refuses that. */
function within(group: Group, value: string, bound: JsonObject[string] | undefined): string | number {
  if (typeof bound !== 'string' && typeof bound !== 'number') return value;
  const ours = quantity(value);
  const theirs = quantity(bound);
  if (ours === undefined || theirs === undefined) return value;
  return (group === 'requests' ? ours > theirs : ours < theirs) ? bound : value;
}
