import { ALL_PORTS, cniOf, type End, type Flow, type Network, type Standing, verdictEntries, verdictWords } from '../../analysis';
import { buildInventory } from '../../inventory';
import { networkOf } from '../../posture/network';
import type { Catalogue } from '../../posture/selection';
import { count, type Layout, layoutOf, table, wrap } from '../../report';
import { formatOf } from './check';
import { readInput } from './input';
import type { Io } from './io';

/** Options of `bulwark reach` as commander gives them. */
export interface ReachOptions {
  readonly from?: string;
  readonly to?: string;
  readonly matrix?: boolean;
  readonly cni?: string;
  readonly format: string;
}

/** Says who may reach whom: a list of flows, a matrix, or one connection hop by hop. Throws `InputError`. */
export async function reach(given: readonly string[], options: ReachOptions, io: Io, catalogue: () => Catalogue): Promise<void> {
  const format = formatOf(options.format);
  const cni = options.cni === undefined ? undefined : cniOf(options.cni);
  const { readings, texts } = await readInput(given, undefined, io, catalogue());
  const network = networkOf(buildInventory(readings), texts, cni);
  const flows = network.flows(options.from, options.to);
  const connections = connectionsOf(network, options);
  if (format === 'json') {
    const { enforcement, doubts } = network.world;
    const hops = connections?.map(({ from, to }) => ({
      from: from.name,
      to: to.name,
      ports: verdictWords(network.between(from, to)),
      hops: hopsOf(network, from, to),
    }));
    const body = {
      schemaVersion: 1,
      enforcement: { cni: enforcement.cni ?? null, because: enforcement.because },
      doubts,
      workloads: network.workloads,
      flows,
      connections: hops,
    };
    io.out(`${JSON.stringify(body, undefined, 2)}\n`);
    return;
  }
  const layout = layoutOf(io.columns, io.color);
  const { bold } = layout.colors;
  const blocks = [
    ...(options.matrix === true
      ? [matrix(network, options, layout)]
      : connections !== undefined
        ? connections.map((one) => told(network, one, layout))
        : [listed(flows, layout)]),
    ...remarks(network, layout),
    bold(`${count(flows.length, 'flow')} between ${count(network.workloads.length, 'workload')}`),
  ];
  io.out(`${blocks.join('\n\n')}\n`);
}

interface Connection {
  readonly from: End;
  readonly to: End;
}

/** Connections that are told hop by hop: those between two ends that are both named. */
function connectionsOf(network: Network, { from, to }: ReachOptions): Connection[] | undefined {
  if (from === undefined || to === undefined || from.includes('*') || to.includes('*')) return undefined;
  return network.ends(from).flatMap((source) => network.ends(to).map((target) => ({ from: source, to: target })));
}

function hopsOf(network: Network, from: End, to: End): object[] {
  return network.explain(from, to, ALL_PORTS).map(({ passes, text, objects }) => ({
    passes,
    text,
    objects: objects.map(({ kind, namespace, name, source }) => ({ kind, namespace, name, source })),
  }));
}

function told(network: Network, { from, to }: Connection, layout: Layout): string {
  const { bold, green, red } = layout.colors;
  const words = verdictWords(network.between(from, to));
  const head = bold(`${from.name} -> ${to.name} ${words.length === 0 ? 'nothing passes' : words.join(', ')}`);
  const hops = network.explain(from, to, ALL_PORTS).map(({ passes, text, objects }) => {
    const files = [...new Set(objects.map(({ source }) => source.file))].filter((file) => file !== undefined);
    const place = files.length === 0 ? '' : ` (${files.join(', ')})`;
    return wrap(`${text}${place}`, 4, layout, '  - ').replace('  - ', `  ${passes ? green('+') : red('-')} `);
  });
  return [head, ...hops].join('\n');
}

function listed(flows: readonly Flow[], { colors: { bold, yellow } }: Layout): string {
  if (flows.length === 0) return 'nothing passes';
  const [head, ...lines] = table([
    ['from', 'to', 'ports', ''],
    ...flows.map(({ from, to, ports, standing }) => [from, to, ports, standing === 'allowed' ? '' : standing]),
  ]);
  return [bold(head), ...lines.map((line, at) => (flows[at].standing === 'allowed' ? line : yellow(line)))].join('\n');
}

/** What makes answers less than certain, and what was not looked at. */
function remarks(network: Network, layout: Layout): string[] {
  const { enforcement, doubts } = network.world;
  const who = `${enforcement.cni === undefined ? 'Undecided whether policies are enforced' : enforcement.cni === 'none' ? 'No policy is enforced' : `Enforced by ${enforcement.cni}`}: ${enforcement.because}.`;
  const hint = enforcement.cni === undefined ? ' Name it with --cni, or pass the templates of the cluster too.' : '';
  return [wrap(`${who}${hint}`, 0, layout), ...doubts.map((doubt) => wrap(`Nothing is certain: ${doubt}.`, 0, layout))];
}

/** Workloads by workloads: who starts a connection by rows, who takes it by columns. */
function matrix(network: Network, { from, to }: ReachOptions, { colors: { bold, dim } }: Layout): string {
  const outside = network.ends('internet');
  const all = network.world.workloads.flatMap(({ object, name }, number): End[] =>
    object === undefined ? [] : [{ kind: 'workload', number, name }],
  );
  const ordered = [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
  const rows = from === undefined ? [...outside, ...ordered] : network.ends(from);
  const columns = to === undefined ? [...ordered, ...outside] : network.ends(to);
  const cells = rows.map((row) => columns.map((column) => cell(network, row, column)));
  const lines = table([['', ...columns.map((_, at) => `${at + 1}`)], ...rows.map((row, at) => [row.name, ...cells[at]])]);
  const legend = table(columns.map(({ name }, at) => [`${at + 1}`, name]));
  return [bold('FROM BY TO') + dim('  TCP where nothing else is said; . closed, ! unenforced, ? undecided'), ...lines, '', ...legend].join(
    '\n',
  );
}

const MARKS: { readonly [standing in Standing]: string } = { allowed: '', unenforced: '!', undecided: '?' };

function cell(network: Network, from: End, to: End): string {
  if (from.kind === 'outside' && to.kind === 'outside') return '';
  if (from.kind === 'workload' && to.kind === 'workload' && from.number === to.number && network.world.workloads[from.number].single)
    return '=';
  const words = verdictEntries(network.between(from, to)).map(({ ports, standing }) => `${short(ports)}${MARKS[standing]}`);
  return words.length === 0 ? '.' : words.join(',');
}

/** `8443` for `TCP 8443`, `53/UDP` for `UDP 53`. */
function short(word: string): string {
  const [protocol, ports] = word.split(' ');
  if (ports === undefined) return word;
  return protocol === 'TCP' && ports !== '*' ? ports : `${ports}/${protocol}`;
}
