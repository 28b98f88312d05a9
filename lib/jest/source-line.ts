import { sep } from 'node:path';
import type { IConstruct } from 'constructs';
import type { Resource } from '../inventory';

const PACKAGE = `${__dirname.slice(0, -'/jest'.length)}${sep}`;
const FRAME = /\(?((?:[A-Za-z]:)?[^\s()][^()]*:\d+:\d+)\)?$/;

/**
 * The line of the user's program that made a resource, as `file:line:column`; undefined where CDK kept no stack trace, as for charts and where stack
 * traces are switched off.
 */
export function sourceLine(roots: readonly IConstruct[], resource: Resource | undefined): string | undefined {
  if (resource?.source.path === undefined) return undefined;
  for (const root of roots) {
    const construct = constructAt(root, resource.source.path);
    for (const entry of construct?.node.metadata ?? []) {
      const frames = Array.isArray(entry.trace) ? entry.trace : entry.type === 'aws:cdk:creationStack' ? entry.data : undefined;
      const own = Array.isArray(frames) ? frames.map(placeOf).find((place) => place !== undefined) : undefined;
      if (own !== undefined) return own;
    }
  }
  return undefined;
}

/** The place a frame names, where that is neither this package nor another one. */
function placeOf(frame: unknown): string | undefined {
  const place = typeof frame === 'string' ? FRAME.exec(frame)?.[1] : undefined;
  if (place === undefined || place.startsWith(PACKAGE) || /[\\/]node_modules[\\/]|^node:|\.\.\./.test(place)) return undefined;
  return place.startsWith(process.cwd() + sep) ? place.slice(process.cwd().length + 1) : place;
}

/** The construct that holds the trace: the L1, which CDK calls `Resource` below what the user wrote. */
function constructAt(root: IConstruct, path: string): IConstruct | undefined {
  let at: IConstruct | undefined = root;
  for (const id of path.split('/')) at = at?.node.tryFindChild(id);
  while (at?.node.tryFindChild('Resource') !== undefined) at = at.node.tryFindChild('Resource');
  return at;
}
