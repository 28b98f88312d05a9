import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { allControls } from '../../lib/controls/catalogue';
import type { Example } from '../../lib/controls/control';
import { type Fault, faultOf, seen, shown } from '../faults/planted';
import { ROOT } from '../laws/sources';
import { missing, work } from './findings';
import type { Judge, Tree } from './judge';
import { JUDGES } from './judges';

/**
 * Plants one fault against every control, lets every judge read the file before and after, and writes docs/planted-faults.md:
 * `faults.ts [--check]`. A judge sees a fault when it holds a rule against the faulty file that it does not hold against the
 * one that passes. Answers are kept in the cache of the judges by what was asked, so that a run asks only what is new.
 */
const PAGE = join(ROOT, 'docs', 'planted-faults.md');
const TREES: readonly Tree[] = ['templates', 'manifests'];

const text: { readonly [tree in Tree]: (example: Example) => string | undefined } = {
  templates: ({ template }) => template && JSON.stringify({ AWSTemplateFormatVersion: '2010-09-09', ...template }, null, 2),
  // JSON is YAML; one document an object.
  manifests: ({ manifests = [] }) =>
    manifests.length === 0 ? undefined : manifests.map((object) => JSON.stringify(object, null, 2)).join('\n---\n'),
};

/** The rules that a judge holds against each text: those it was asked of before from the cache, the others in one run. */
function rulesOf(judge: Judge, tree: Tree, texts: readonly string[]): Map<string, readonly string[]> {
  const program = process.env[judge.variable] ?? '';
  // The folder of the program has its version, and how it is asked is in its file here.
  const asked = hash(`${program}\n${tree}\n${readFileSync(join(__dirname, `${judge.name}.ts`), 'utf8')}`);
  const cache = join(process.env.JUDGES_CACHE ?? work(), 'answers', `${judge.name}-${asked}`);
  const folder = work('faults', judge.name, tree);
  const ending = tree === 'templates' ? '.template.json' : '.yaml';
  mkdirSync(cache, { recursive: true });
  mkdirSync(folder, { recursive: true });
  const answer = (content: string): string => join(cache, `${hash(content)}.json`);
  const open = [...new Set(texts)].filter((content) => !existsSync(answer(content)));
  for (const content of open) writeFileSync(join(folder, `${hash(content)}${ending}`), content);
  const held = open.length === 0 ? [] : judge.run(program, tree, folder);
  // A file that nothing is told of is content; a name that no file has is a mistake of ours.
  for (const { file } of held)
    if (!existsSync(join(folder, file))) throw new Error(`${judge.name} speaks of a file '${file}' that it was not given`);
  for (const content of open) {
    const rules = held.filter(({ file }) => file === `${hash(content)}${ending}`).map(({ rule }) => rule);
    writeFileSync(answer(content), JSON.stringify([...new Set(rules)].sort()));
  }
  return new Map(texts.map((content) => [content, JSON.parse(readFileSync(answer(content), 'utf8')) as string[]]));
}
const hash = (content: string): string => createHash('sha256').update(content).digest('hex').slice(0, 24);

const faults = allControls.map((control): Fault => {
  const fault = faultOf(control);
  if (fault === undefined) throw new Error(`no fault can be planted against ${control.id}`);
  return fault;
});
const ours = faults.map(({ control, passing, faulty }) => seen(control, faulty).fail > seen(control, passing).fail);
const running = JUDGES.filter(({ variable }) => process.env[variable] !== undefined);

/** What each judge newly holds against each fault; undefined where it does not read the tree. */
const columns = running.map((judge) => {
  const started = Date.now();
  const answers = new Map(
    TREES.filter((tree) => judge.reads[tree] !== undefined).map((tree) => {
      const texts = faults
        .flatMap(({ passing, faulty }) => [text[tree](passing), text[tree](faulty)])
        .filter((content) => content !== undefined);
      return [tree, rulesOf(judge, tree, texts)] as const;
    }),
  );
  console.log(`${judge.name}: ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return faults.map(({ passing, faulty }): string[] | undefined => {
    const own = TREES.filter((tree) => answers.has(tree) && (text[tree](passing) ?? text[tree](faulty)) !== undefined);
    if (own.length === 0) return undefined;
    return own.flatMap((tree) => {
      const rules = (example: Example): readonly string[] => answers.get(tree)?.get(text[tree](example) ?? '') ?? [];
      return rules(faulty).filter((rule) => !rules(passing).includes(rule));
    });
  });
});

const cell = (value: string): string => value.replaceAll('|', '\\|');
const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const count = (column: readonly (readonly string[] | undefined)[]): string =>
  `${column.filter((rules) => rules !== undefined && rules.length > 0).length} of ${column.filter((rules) => rules !== undefined).length}`;
const page = [
  '# Planted faults',
  '',
  '<!-- Written by `npm run judges -- faults`. -->',
  '',
  `For each of the ${faults.length} controls, one field of a subject that passes is made wrong. The subjects are the examples of the controls, as small as they`,
  'can be. A judge sees a fault when it holds a rule against the faulty file that it does not hold against the one that passes: `yes`, `no`, or nothing where it',
  'does not read such files. Every judge runs with its own defaults, over files that do not know of each other; checkov alone ties the files of a folder, and reads',
  'all in one, because it needs seconds to start. Faults chosen from our own controls say what others leave to us, not what they find beyond us:',
  'that is what [the judges of the examples](adr/0011-judges.md) are for.',
  '',
  row(['judge', 'sees']),
  row(['---', '---']),
  row(['cdk-bulwark', `${ours.filter(Boolean).length} of ${faults.length}`]),
  ...running.map(({ name }, index) => row([name, count(columns[index])])),
  ...[...missing()].filter(([name]) => JUDGES.some((judge) => judge.name === name)).map(([name, why]) => row([name, `not run: ${why}`])),
  '',
  row(['control', 'fault', 'cdk-bulwark', ...running.map(({ name }) => name)]),
  row(['---', '---', '---', ...running.map(() => '---')]),
  ...faults.map((fault, at) =>
    row([
      fault.control.id,
      `\`${cell(shown(fault))}\``,
      ours[at] ? 'yes' : 'no',
      ...columns.map((column) => (column[at] === undefined ? '' : column[at].length > 0 ? 'yes' : 'no')),
    ]),
  ),
  '',
].join('\n');

if (process.argv.includes('--check')) {
  if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
    console.error("docs/planted-faults.md is not what the judges see; run 'npm run judges -- faults'");
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, page);
if (ours.includes(false)) process.exitCode = 1;
