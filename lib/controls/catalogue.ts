import type { AnyControl } from './control';
import { dataControls } from './data';
import { eksControls } from './eks';
import { iamControls } from './iam';
import { CONTROL_IDS } from './ids';
import { imageControls } from './image';
import { joinControls } from './join';
import { kmsControls } from './kms';
import { namespaceControls } from './namespace';
import { networkControls } from './network';
import { nodeControls } from './nodes';
import { podControls } from './pod';
import { rbacControls } from './rbac';
import { resourceControls } from './resources';
import { vpcControls } from './vpc';

/** Every control there is, in the order of its id. */
export const allControls: readonly AnyControl[] = [
  ...podControls,
  ...imageControls,
  ...resourceControls,
  ...namespaceControls,
  ...rbacControls,
  ...networkControls,
  ...eksControls,
  ...nodeControls,
  ...iamControls,
  ...vpcControls,
  ...kmsControls,
  ...dataControls,
  ...joinControls,
].sort((a, b) => (a.id < b.id ? -1 : 1));

/** The control with this id or alias, whatever its case. */
export function find(id: string): AnyControl | undefined {
  const wanted = id.toUpperCase();
  return allControls.find((control) => control.id === wanted || control.aliases?.includes(wanted));
}

/** Ids that look like the one given, nearest first: what a misspelt id may have meant. */
export function nearest(id: string, count = 3): readonly string[] {
  const wanted = id.toUpperCase();
  return Object.keys(CONTROL_IDS)
    .map((known) => ({ known, distance: distance(wanted, known) }))
    .filter(({ distance }) => distance <= 3)
    .sort((a, b) => a.distance - b.distance || (a.known < b.known ? -1 : 1))
    .slice(0, count)
    .map(({ known }) => known);
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}
