import { upgrade as effects, type UpgradeFinding } from '../../adoption';
import { audit } from '../../audit';
import { InputError } from '../../error';
import { buildInventory } from '../../inventory';
import { kubernetesOf } from '../../posture/examine';
import type { Catalogue } from '../../posture/selection';
import { count, type Layout, layoutOf, wrap } from '../../report';
import { formatOf } from './check';
import { readInput } from './input';
import type { Io } from './io';

/** Options of `bulwark upgrade` as commander gives them. */
export interface UpgradeOptions {
  readonly to: string;
  readonly from?: string;
  readonly format: string;
}

/**
 * Says what a Kubernetes version would break. Gives the exit status: 1 when something does, else 0.
 * Throws `UpgradeBackwards`, `KubernetesVersionUnknown`, and what reading throws.
 */
export async function upgrade(given: readonly string[], options: UpgradeOptions, io: Io, catalogue: () => Catalogue): Promise<number> {
  const format = formatOf(options.format);
  const to = minorOf(kubernetesOf(options.to));
  const asked = options.from === undefined ? undefined : minorOf(kubernetesOf(options.from));
  const { readings, texts } = await readInput(given, undefined, io, catalogue());
  const inventory = buildInventory(readings);
  // Without a word, what an audit of the same files would assume.
  const from = asked ?? minorOf(audit(inventory, { controls: [] }).kubernetes);
  if (from > to) {
    throw new InputError(
      'UpgradeBackwards',
      `1.${to} is older than 1.${from}, and a control plane never goes back; give a --to of 1.${from} or newer, or another --from`,
    );
  }
  const found = effects(inventory, { from, to }).map((finding) => ({
    ...finding,
    line: texts.lineAt(finding.resource.source, finding.at ?? ''),
  }));
  const breaking = found.filter(({ effect }) => effect === 'breaks').length;
  if (format === 'json') {
    const findings = found.map(({ resource, line, ...finding }) => ({
      ...finding,
      resource: nameOf(resource),
      source: { file: resource.source.file, line },
    }));
    io.out(`${JSON.stringify({ schemaVersion: 1, from: `1.${from}`, to: `1.${to}`, breaking, findings }, undefined, 2)}\n`);
  } else io.out(reportText(found, { from, to }, layoutOf(io.columns, io.color)));
  return breaking > 0 ? 1 : 0;
}

const minorOf = (version: string): number => Number(version.split('.')[1]);

function nameOf(resource: UpgradeFinding['resource']): { kind: string; name: string; namespace?: string } {
  if (resource.tree === 'kubernetes') return { kind: resource.kind, name: resource.name, namespace: resource.namespace };
  return { kind: resource.type, name: resource.logicalId };
}

function reportText(
  found: readonly (UpgradeFinding & { readonly line?: number })[],
  { from, to }: { from: number; to: number },
  layout: Layout,
): string {
  const { bold, red, yellow, blue, dim } = layout.colors;
  const tone = { breaks: red, undecided: yellow, changes: blue };
  const lines: string[] = [];
  for (const { effect, code, resource, message, remedy, at, line } of found) {
    const { kind, name, namespace } = nameOf(resource);
    const where = [resource.source.file, line].filter((part) => part !== undefined).join(':');
    lines.push(
      `${tone[effect](bold(effect.toUpperCase()))}  ${bold(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`)}  ${dim(where)}`,
      wrap(`${message}${at === undefined ? '' : ` (${at})`}`, 4, layout),
      dim(wrap(`fix: ${remedy}  [${code}]`, 4, layout)),
      '',
    );
  }
  const number = (wanted: UpgradeFinding['effect']): number => found.filter(({ effect }) => effect === wanted).length;
  const broken = count(number('breaks'), 'thing');
  lines.push(
    number('breaks') === 0
      ? `Nothing here is known to break between Kubernetes 1.${from} and 1.${to}; ${number('undecided')} undecided, ${number('changes')} changed`
      : `${red(bold(`${broken} that Kubernetes 1.${to} breaks`))}; ${number('undecided')} undecided, ${number('changes')} changed`,
  );
  return `${lines.join('\n')}\n`;
}
