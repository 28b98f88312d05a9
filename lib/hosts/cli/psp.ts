import { dump } from 'js-yaml';
import { type Conversion, convertPsp } from '../../adoption';
import { buildInventory, readManifests } from '../../inventory';
import { kubernetesOf } from '../../posture/examine';
import { count, type Layout, layoutOf, table, wrap } from '../../report';
import { formatOf } from './check';
import type { Io } from './io';
import { manifestFiles } from './manifest-files';

/** Options of `bulwark psp` as commander gives them. */
export interface PspOptions {
  readonly kubernetes?: string;
  readonly format: string;
}

/** The version whose admission can set what a policy set. */
const NEWEST = '1.37';

/** Writes what replaces PodSecurityPolicies to standard output, and what differs to standard error. Throws `PspMissing`, `AdmissionMissing` and what reading throws. */
export async function psp(paths: readonly string[], options: PspOptions, io: Io): Promise<void> {
  const format = formatOf(options.format);
  const kubernetes = options.kubernetes === undefined ? NEWEST : kubernetesOf(options.kubernetes);
  const files = await manifestFiles(paths, io);
  const { kubernetes: objects } = buildInventory(files.map(({ text, file }) => readManifests(text, { file })));
  const conversion = convertPsp(objects, kubernetes, files[0].file);
  if (format === 'json') {
    io.out(`${JSON.stringify({ schemaVersion: 1, kubernetes, ...conversion }, undefined, 2)}\n`);
    return;
  }
  io.out(conversion.objects.map((object) => dump(object, { lineWidth: -1, noRefs: true })).join('---\n'));
  io.err(reportText(conversion, layoutOf(io.columns, io.color)));
}

function reportText({ levels, fields, notes, objects }: Conversion, layout: Layout): string {
  const { bold } = layout.colors;
  const lines: string[] = [];
  for (const { policy, level } of levels) {
    lines.push(`${bold(`PodSecurityPolicy ${policy}`)}  nearest Pod Security level: ${bold(level)}`);
    const rows = fields
      .filter((one) => one.policy === policy)
      .map(({ field, value, level: own, checks, sets }) => [
        field,
        value === undefined ? 'unset' : JSON.stringify(value).slice(0, 40),
        own,
        [...(checks.length > 0 ? ['checked'] : []), ...(sets ? ['set'] : [])].join(', ') || 'no more to ask',
      ]);
    lines.push(...table([['field', 'value', 'up to level', 'admission policy'], ...rows]), '');
  }
  lines.push(bold('What differs'), ...notes.map((note) => wrap(note, 4, layout, '  - ')), '');
  lines.push(`${count(objects.length, 'object')} from ${levels.length === 1 ? '1 policy' : `${levels.length} policies`}`);
  return `${lines.join('\n')}\n`;
}
