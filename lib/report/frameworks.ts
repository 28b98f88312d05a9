import type { FrameworkConformance } from '../posture';
import { count, type Layout, table, wrap } from './layout';

const WORDS: { readonly [verdict: string]: string } = {
  pass: 'holds',
  fail: 'fails',
  undecided: 'is undecided',
  exempt: 'holds but for what is accepted',
  incomplete: 'is incomplete: never passed',
};

/** How each framework stands, requirement by requirement. */
export function frameworksText(frameworks: readonly FrameworkConformance[], layout: Layout): string {
  return frameworks.map((framework) => frameworkText(framework, layout)).join('\n\n');
}

function frameworkText({ id, title, verdict, covered, total, requirements }: FrameworkConformance, layout: Layout): string {
  const { bold, red, green, magenta, dim } = layout.colors;
  const tones: { readonly [verdict: string]: (text: string) => string } = { fail: red, incomplete: red, undecided: magenta };
  const tone = tones[verdict] ?? green;
  const rows = table(requirements.map((requirement) => [requirement.verdict, requirement.id, requirement.title, remark(requirement)]));
  const lines = requirements.flatMap(({ verdict: own, note }, index) => {
    const row = tones[own]?.(rows[index]) ?? rows[index];
    return note === undefined ? [row] : [row, ...wrap(note, 6, layout).split('\n').map(dim)];
  });
  return [
    tone(bold(`${id.toUpperCase()}  ${WORDS[verdict]}`)),
    wrap(`${title}: ${covered} of ${count(total, 'requirement')} covered`, 2, layout)
      .split('\n')
      .map(dim)
      .join('\n'),
    '',
    ...lines,
  ].join('\n');
}

function remark({ judged, findings, note }: FrameworkConformance['requirements'][number]): string {
  if (findings > 0) return count(findings, 'finding');
  return judged === 0 && note === undefined ? 'nothing to judge' : '';
}
