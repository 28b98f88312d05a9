import { daysBetween } from '../controls/clock';
import type { Finding, VerdictCounts } from '../posture';
import { frameworksText } from './frameworks';
import type { ReportInput } from './input';
import { count, type Layout, table, wrap } from './layout';
import { providerDefaultsText } from './provider-defaults';

/** What else a text report shows. */
export interface TextOptions {
  /** Draw category by boundary, with counts. */
  readonly matrix?: boolean;
  /** Leave out the figures at the end. */
  readonly brief?: boolean;
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const CARRIERS = ['provider', 'library', 'platform-team', 'app-team'];
const BOUNDARIES = ['cloud', 'cluster', 'node', 'namespace', 'pod', 'container', 'application'];
const COUNTED = ['pass', 'fail', 'undecided', 'exempt'] as const;

/** The report for people: findings by severity and resource, what was accepted by whom, and the counts. */
export function textReport(input: ReportInput, layout: Layout, options: TextOptions = {}): string {
  const { findings, summary, notes, frameworks, breakGlass } = input;
  const { bold, red } = layout.colors;
  const blocks: string[] = [];
  if (breakGlass !== undefined) {
    const text = `Break-glass by ${breakGlass.owner}: ${breakGlass.reason}. This run passes whatever it found.`;
    blocks.push(
      wrap(text, 0, layout)
        .split('\n')
        .map((line) => red(bold(line)))
        .join('\n'),
    );
  }
  for (const severity of SEVERITIES) {
    const group = findings.filter((finding) => finding.verdict === 'fail' && finding.severity === severity);
    if (group.length > 0) blocks.push(groupText(severity, group, input, layout));
  }
  const undecided = findings.filter((finding) => finding.verdict === 'undecided');
  if (undecided.length > 0) blocks.push(groupText('undecided', undecided, input, layout));
  const exempt = findings.filter((finding) => finding.verdict === 'exempt');
  if (exempt.length > 0) blocks.push(acceptedText(exempt, summary.asOf, layout));
  if (notes.length > 0) {
    const lines = notes.map(({ message, file, line }) =>
      wrap(`${file === undefined ? '' : `${place(file, line)}: `}${message}`, 4, layout, '  - '),
    );
    blocks.push([bold('NOTES'), ...lines].join('\n'));
  }
  if (input.providerDefaults !== undefined && input.providerDefaults.length > 0)
    blocks.push(providerDefaultsText(input.providerDefaults, layout));
  if (frameworks !== undefined && frameworks.length > 0) blocks.push(frameworksText(frameworks, layout));
  if (options.matrix === true) blocks.push(matrixText(input, layout));
  if (options.brief !== true) blocks.push(summaryText(input, layout));
  return `${blocks.join('\n\n')}\n`;
}

/** What one resource is called in text. */
export function resourceText({ resource, source }: Finding): string {
  const { kind, name, namespace, path, stack } = resource;
  // A template outside of an assembly has no stack but its file, which stands beside.
  if (stack !== undefined) return `${kind} ${path?.replace(/\/Resource$/, '') ?? (stack === source.file ? name : `${stack}/${name}`)}`;
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function place(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file}:${line}`;
}

function groupText(section: string, group: readonly Finding[], { unlisted }: ReportInput, layout: Layout): string {
  const { bold, dim, cyan } = layout.colors;
  const rest = unlisted?.find((other) => other.section === section);
  const heading = `${section.toUpperCase()}  ${count(group.length + (rest?.findings ?? 0), 'finding')}`;
  const byResource = new Map<string, Finding[]>();
  for (const finding of group) {
    const { resource, source } = finding;
    const key = JSON.stringify([source.file, resource]);
    const list = byResource.get(key);
    if (list === undefined) byResource.set(key, [finding]);
    else list.push(finding);
  }
  const lines = [toned(section, layout)(bold(heading))];
  for (const list of byResource.values()) {
    const [first] = list;
    const { file } = first.source;
    const where = first.resource.stack === undefined && first.resource.path !== undefined ? [first.resource.path] : [];
    if (file !== undefined) where.push(file);
    const name = resourceText(first);
    const fits = 2 + name.length + 2 + where.join('  ').length <= layout.width;
    lines.push('', `  ${bold(name)}${where.length > 0 && fits ? dim(`  ${where.join('  ')}`) : ''}`);
    if (!fits) lines.push(...where.map((part) => dim(`    ${part}`)));
    for (const { control, title, message, remedy, source, at } of list) {
      const spot = [source.line === undefined ? undefined : `line ${source.line}`, at].filter((part) => part !== undefined).join(', ');
      const head = wrap(title, 4 + control.length + 2, layout, `    ${control}  `);
      lines.push(head.replace(control, cyan(control)));
      lines.push(wrap(`${message}${spot === '' ? '' : ` (${spot})`}`, 8, layout));
      lines.push(wrap(`fix: ${remedy}`, 8, layout).split('\n').map(dim).join('\n'));
    }
  }
  if (rest !== undefined) {
    const findings = rest.controls.map(([id, number]) => `${id} ${number}`).join(', ');
    lines.push('', wrap(`and ${count(rest.resources, 'resource')} more (${findings}); bulwark check --all lists them`, 2, layout));
  }
  return lines.join('\n');
}

function toned(tone: string, { colors }: Layout): (text: string) => string {
  if (tone === 'critical' || tone === 'high') return colors.red;
  if (tone === 'medium') return colors.yellow;
  return tone === 'undecided' ? colors.magenta : colors.blue;
}

/** One line for each acceptance and control, however many objects carry it. */
function acceptedText(exempt: readonly Finding[], asOf: string, layout: Layout): string {
  const { bold, green, dim } = layout.colors;
  const groups = new Map<string, Finding[]>();
  for (const finding of exempt) {
    const key = JSON.stringify([finding.control, finding.exemption]);
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [finding]);
    else list.push(finding);
  }
  const lines = [green(bold(`ACCEPTED  ${count(exempt.length, 'finding')}`)), ''];
  for (const list of groups.values()) {
    const [{ control, title, exemption }] = list;
    if (exemption === undefined) continue;
    const days = daysBetween(asOf, exemption.until);
    lines.push(wrap(title, 4 + control.length, layout, `  ${control}  `));
    lines.push(
      wrap(`${exemption.kind} by ${exemption.owner} until ${exemption.until} (${count(days, 'day')} left): ${exemption.reason}`, 6, layout),
    );
    const shown = list.slice(0, 5).map((finding) => resourceText(finding));
    const more = list.length - shown.length;
    lines.push(
      wrap(`on ${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`, 6, layout)
        .split('\n')
        .map(dim)
        .join('\n'),
    );
  }
  return lines.join('\n');
}

function matrixText({ summary }: ReportInput, layout: Layout): string {
  const { bold, dim } = layout.colors;
  const categories = [...new Set(summary.matrix.map((cell) => cell.category))].sort();
  const boundaries = BOUNDARIES.filter((boundary) => summary.matrix.some((cell) => cell.boundary === boundary));
  const rows = [
    ['category', ...boundaries],
    ...categories.map((category) => [
      category,
      ...boundaries.map((boundary) => {
        const cell = summary.matrix.find((one) => one.category === category && one.boundary === boundary);
        if (cell === undefined) return '.';
        const judged = cell.pass + cell.fail + cell.undecided + cell.exempt;
        return judged === 0 ? '-' : `${cell.pass}/${judged}`;
      }),
    ]),
  ];
  return [bold('CATEGORY BY BOUNDARY') + dim('  passed/judged'), ...table(rows)].join('\n');
}

function summaryText({ summary, failOn, breakGlass }: ReportInput, layout: Layout): string {
  const { bold, green, red, dim } = layout.colors;
  const carriers = CARRIERS.filter((carrier) => summary.carriers[carrier] !== undefined);
  const row = (name: string, counts: VerdictCounts): string[] => [name, ...COUNTED.map((key) => String(counts[key]))];
  const rows = table([['', ...COUNTED], row('all', summary), ...carriers.map((carrier) => row(carrier, summary.carriers[carrier]))]);
  const context = `${count(summary.controls, 'control')} on ${count(summary.resources, 'resource')}, Kubernetes ${summary.kubernetes}, as of ${summary.asOf}`;
  const verdict =
    summary.blocking > 0
      ? red(bold(`${count(summary.blocking, 'finding')} at or above ${failOn}`))
      : breakGlass === undefined
        ? green(bold(`No finding at or above ${failOn}`))
        : red(bold('Passed by break-glass'));
  return [dim(rows[0]), ...rows.slice(1), '', verdict, wrap(context, 0, layout).split('\n').map(dim).join('\n')].join('\n');
}
