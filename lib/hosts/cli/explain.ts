import { dump } from 'js-yaml';
import type { AnyControl, Example, References } from '../../controls/control';
import { type Layout, table, wrap } from '../../report';

/** A control as plain data: everything but its code. */
export function controlData(control: AnyControl): object {
  const {
    id,
    aliases,
    title,
    because,
    severity,
    fatal,
    maturity,
    category,
    boundary,
    carrier,
    threats,
    subjects,
    remedy,
    references,
    cel,
    repair,
  } = control;
  return {
    id,
    aliases,
    title,
    because,
    severity,
    fatal: fatal === true,
    maturity,
    category,
    boundary,
    carrier,
    threats,
    subjects: subjects.description,
    remedy,
    references,
    cel,
    repair: repair === undefined ? undefined : { risk: repair.risk, note: repair.note },
  };
}

/** One control for a reader: what, why, how to mend it, and what breaks it. */
export function explainText(control: AnyControl, layout: Layout): string {
  const { bold, cyan, dim } = layout.colors;
  const facts: [string, string | undefined][] = [
    ['why', control.because],
    ['fix', control.remedy],
    ['judges', control.subjects.description],
    [
      'severity',
      `${control.severity}${control.fatal === true ? ', takes neither exemption nor decision' : ''}${control.maturity === 'stable' ? '' : `, ${control.maturity}: breaks no build yet`}${control.maturity === 'sandbox' ? ', and runs only where it is named' : ''}`,
    ],
    ['kind', `${control.category} at the ${control.boundary}, carried by ${control.carrier}`],
    ['threats', control.threats.join(', ')],
    ['repair', control.repair === undefined ? undefined : `applied by the constructs, risk ${control.repair.risk}. ${control.repair.note}`],
    ['also known as', control.aliases?.join(', ')],
    ...referenceFacts(control.references),
  ];
  const width = Math.max(...facts.map(([name]) => name.length)) + 4;
  const lines = [`${cyan(bold(control.id))}  ${bold(control.title)}`, ''];
  for (const [name, text] of facts) {
    if (text !== undefined && text !== '') lines.push(wrap(text, width, layout, `  ${name}`.padEnd(width)));
  }
  lines.push(
    '',
    bold('Breaks it'),
    dim(exampleText(control.examples.breaks[0])),
    '',
    bold('Holds'),
    dim(exampleText(control.examples.holds[0])),
  );
  return `${lines.join('\n')}\n`;
}

function referenceFacts({ cisEks, cisKubernetes, fsbp, pss, nsa, scanners, urls }: References): [string, string | undefined][] {
  return [
    ['CIS EKS', cisEks?.join(', ')],
    ['CIS Kubernetes', cisKubernetes?.join(', ')],
    ['AWS FSBP', fsbp?.join(', ')],
    ['PSS', pss],
    ['NSA/CISA', nsa?.join(', ')],
    ...Object.entries(scanners ?? {}).map(([name, ids]): [string, string] => [name, ids.join(', ')]),
    ['see', urls?.join(' ')],
  ];
}

function exampleText({ name, manifests, template }: Example): string {
  const parts = [...(manifests ?? []), ...(template === undefined ? [] : [template])].map((part) =>
    typeof part === 'string' ? part : dump(part),
  );
  const text = `${name === undefined ? '' : `# ${name}\n`}${parts.join('---\n')}`;
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

/** The controls behind a scanner's rule. */
export function ruleText(
  rule: string,
  found: readonly { readonly scanner: string; readonly control: AnyControl }[],
  layout: Layout,
): string {
  const scanners = [...new Set(found.map(({ scanner }) => scanner))].join(', ');
  const controls = [...new Set(found.map(({ control }) => control))];
  const head = `${rule} of ${scanners} is judged by ${controls.map(({ id }) => id).join(', ')}`;
  return `${wrap(head, 0, layout)}\n\n${controls.map((control) => explainText(control, layout)).join('\n')}`;
}

/** All controls as a table. */
export function controlsText(controls: readonly AnyControl[], layout: Layout): string {
  const { bold } = layout.colors;
  const rows = [
    ['id', 'severity', 'carried by', 'kind', 'what holds'],
    ...controls.map(({ id, severity, carrier, category, boundary, title }) => [id, severity, carrier, `${category}/${boundary}`, title]),
  ];
  const [head, ...lines] = table(rows, 0);
  return `${[bold(head), ...lines].join('\n')}\n`;
}
