import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type HardenedText, hardenText, type ObjectReport, unifiedDiff } from '../../adoption';
import type { Risk } from '../../controls/control';
import { InputError } from '../../error';
import { buildInventory, podTemplates, readManifests } from '../../inventory';
import { kubernetesOf } from '../../posture/examine';
import { count, type Layout, layoutOf, wrap } from '../../report';
import { formatOf } from './check';
import type { Io } from './io';
import { type ManifestFile, manifestFiles } from './manifest-files';
import { writeWhole } from './output';

/** Options of `bulwark harden` as commander gives them. */
export interface HardenCommandOptions {
  readonly level: string;
  readonly kubernetes?: string;
  readonly diff?: boolean;
  readonly write?: boolean;
  readonly overwrite?: boolean;
  readonly output?: string;
  readonly format: string;
}

const LEVELS: { readonly [level: string]: readonly Risk[] } = {
  default: ['none', 'restart'],
  strict: ['none', 'restart', 'mayBreak'],
};
const RISK_WORDS: { readonly [risk in Risk]: string } = { none: 'no risk', restart: 'restarts the pods', mayBreak: 'may break' };
/** The oldest version in standard support. */
const OLDEST = '1.34';

interface Hardened extends HardenedText {
  readonly source: ManifestFile;
}

/**
 * Hardens manifests that exist. Standard output is YAML, a difference or JSON; what changed and why goes to standard error. Nothing is written before all of
 * it is known. Throws `LevelUnknown`, `OutputConflict`, `OutputClash`, and what reading and hardening throw.
 */
export async function harden(paths: readonly string[], options: HardenCommandOptions, io: Io): Promise<void> {
  const format = formatOf(options.format);
  const risks = LEVELS[options.level];
  if (risks === undefined) throw new InputError('LevelUnknown', `there is no level '${options.level}'; choose default or strict`);
  const kubernetes = options.kubernetes === undefined ? OLDEST : kubernetesOf(options.kubernetes);
  if (options.write === true && options.output !== undefined) {
    throw new InputError('OutputConflict', '--write changes the files and --output writes others; choose one of them');
  }
  if (options.write === true && paths.includes('-')) {
    throw new InputError('OutputConflict', '--write cannot change standard input; leave it out, or name files');
  }
  const files = await manifestFiles(paths, io);
  const results: Hardened[] = files.map((source) => {
    const { text, file } = source;
    // Says what is no manifest, with its line, before anything is changed.
    readManifests(text, { file });
    return { source, ...hardenText(text, { kubernetes, risks, overwrite: options.overwrite === true }, file) };
  });
  const targets = targetsOf(results, options);
  for (const [path, text] of targets) {
    mkdirSync(dirname(path), { recursive: true });
    writeWhole(path, text);
  }
  const layout = layoutOf(io.columns, io.color);
  if (format === 'json') io.out(`${JSON.stringify(plain(results, kubernetes, options.level), undefined, 2)}\n`);
  else if (options.diff === true) io.out(diffText(results, layout));
  else if (options.write !== true && options.output === undefined) io.out(joined(results));
  if (format !== 'json') io.err(reportText(results, options, layout));
}

function targetsOf(results: readonly Hardened[], { write, output }: HardenCommandOptions): Map<string, string> {
  const targets = new Map<string, string>();
  for (const { source, text } of results) {
    if (write === true && text !== source.text) targets.set(source.file, text);
    if (output === undefined) continue;
    const path = join(output, source.below);
    if (targets.has(path)) {
      throw new InputError('OutputClash', `two inputs would be written to '${path}'; harden their folders one at a time`, {
        file: source.file,
      });
    }
    targets.set(path, text);
  }
  return targets;
}

/** All texts as one stream of documents. */
function joined(results: readonly Hardened[]): string {
  return results
    .map(({ text }, index) => {
      const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
      const marker = index === 0 || /^(---|%)/.test(body) ? '' : '---\n';
      return `${marker}${body}${body.endsWith('\n') ? '' : '\n'}`;
    })
    .join('');
}

function diffText(results: readonly Hardened[], { colors }: Layout): string {
  const toned = (line: string): string => {
    if (/^(---|\+\+\+) /.test(line)) return colors.bold(line);
    if (line.startsWith('@@')) return colors.cyan(line);
    return line.startsWith('+') ? colors.green(line) : line.startsWith('-') ? colors.red(line) : line;
  };
  return results.flatMap(({ source, text }) => unifiedDiff(source.file, source.text, text).map((line) => `${toned(line)}\n`)).join('');
}

function plain(results: readonly Hardened[], kubernetes: string, level: string): object {
  return {
    schemaVersion: 1,
    kubernetes,
    level,
    files: results.map(({ source, text, objects, writtenOut }) => ({
      file: source.file,
      changed: text !== source.text,
      writtenOut,
      objects: objects.filter(({ changes, left }) => changes.length > 0 || left.length > 0),
    })),
    suggestions: suggestionsOf(results),
  };
}

function reportText(results: readonly Hardened[], { level, overwrite, write, output }: HardenCommandOptions, layout: Layout): string {
  const { bold, cyan, yellow, dim } = layout.colors;
  const lines: string[] = [];
  const tests = new Map<string, string>();
  for (const { source, objects, writtenOut } of results) {
    for (const document of writtenOut) {
      lines.push(
        yellow(
          wrap(
            `document ${document}: a change would have reached other places through its anchors, so they were written out`,
            2,
            layout,
            `${source.file}: `,
          ),
        ),
        '',
      );
    }
    for (const { kind, name, namespace, line, changes, left } of objects) {
      if (changes.length === 0 && left.length === 0) continue;
      lines.push(
        `${bold(`${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`)}  ${dim(`${source.file}${line === undefined ? '' : `:${line}`}`)}`,
      );
      for (const { control, risk, path, before, after, note } of changes) {
        const was = before === undefined ? '' : ` (was ${JSON.stringify(before)})`;
        lines.push(
          wrap(
            `${path}: ${JSON.stringify(after)}${was}  (${RISK_WORDS[risk]})`,
            14,
            layout,
            `  ${cyan(control)}${' '.repeat(Math.max(1, 12 - control.length))}`,
          ),
        );
        if (risk !== 'none') tests.set(control, note);
      }
      for (const { control, message } of left) {
        lines.push(yellow(wrap(`left as it is: ${message}`, 14, layout, `  ${control.padEnd(12)}`)));
      }
      lines.push('');
    }
  }
  if (tests.size > 0) {
    lines.push(bold('How to test it'));
    for (const [control, note] of tests)
      lines.push(wrap(note, 14, layout, `  ${cyan(control)}${' '.repeat(Math.max(1, 12 - control.length))}`));
    lines.push('');
  }
  const suggestions = suggestionsOf(results);
  if (suggestions.length > 0)
    lines.push(bold('What no pod can say of itself'), ...suggestions.map((text) => wrap(text, 4, layout, '  - ')), '');
  const objects = results.flatMap(({ objects: list }) => list as ObjectReport[]);
  const changed = objects.filter(({ changes }) => changes.length > 0);
  const leftOver = objects.flatMap(({ left }) => left).length;
  const where = write === true ? ', files changed in place' : output === undefined ? '' : `, written to ${output}`;
  lines.push(
    `${count(changed.flatMap(({ changes }) => changes).length, 'change')} in ${changed.length} of ${count(objects.length, 'object')} at level ${level}${where}`,
  );
  if (leftOver > 0 && overwrite !== true) {
    lines.push(
      `${count(leftOver, 'value')} that somebody wrote ${leftOver === 1 ? 'is' : 'are'} weaker than a control asks; --overwrite replaces those that have a repair`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** What the namespaces of the pods lack, in words: it is for whoever owns them, and a policy that denies traffic breaks what nobody wrote down. */
function suggestionsOf(results: readonly Hardened[]): string[] {
  const inventory = buildInventory(results.map(({ source, text }) => readManifests(text, { file: source.file })));
  const namespaces = new Set(podTemplates(inventory).map(({ object }) => object.namespace ?? 'default'));
  return [...namespaces].sort().flatMap((name) => {
    const inside = (kind: string): boolean => inventory.ofKind(kind).some(({ namespace }) => (namespace ?? 'default') === name);
    const made = inventory.ofKind('Namespace').find((one) => one.name === name);
    const labels = (made?.object.metadata as { labels?: { [key: string]: string } } | undefined)?.labels ?? {};
    return [
      ...(labels['pod-security.kubernetes.io/enforce'] === undefined
        ? [
            `namespace ${name} enforces no Pod Security Standard here: label it pod-security.kubernetes.io/enforce, with enforce-version beside it`,
          ]
        : []),
      ...(inside('NetworkPolicy')
        ? []
        : [`namespace ${name} has no NetworkPolicy here: deny by default, then allow each flow that is needed`]),
      ...(inside('ResourceQuota') && inside('LimitRange')
        ? []
        : [`namespace ${name} has no ResourceQuota and LimitRange here: bound what its pods can take`]),
    ];
  });
}
