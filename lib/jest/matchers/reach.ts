import type { End, Network, Ports, Standing, Verdict } from '../../analysis';
import type { Posture } from '../posture';
import type { MatcherContext, MatcherResult } from '../snapshot';
import { postureOf } from './received';

/** Connections that a message lists; the rest are counted. */
const LISTED = 10;

interface Connection {
  readonly from: End;
  readonly to: End;
  readonly verdict: Verdict;
}

/**
 * Every workload of the one name reaches every one of the other, on all ports given, or on any where none are. With `not`, nothing passes between them on any
 * of the ports. What is unenforced passes; what is undecided satisfies neither. Throws `WorkloadUnknown`, `PortInvalid` and what is wrong with a policy.
 */
export function toReach(this: MatcherContext, received: unknown, from: string, to: string, ports?: string): MatcherResult {
  const { ALL_PORTS, meetPorts, readPorts, withoutPorts } = require('../../analysis') as typeof import('../../analysis');
  const posture = postureOf(received, 'toReach');
  const { network } = posture._examination;
  const wanted = ports === undefined ? ALL_PORTS : readPorts(ports);
  const connections = network.ends(from).flatMap((source) =>
    network
      .ends(to)
      .filter((target) => !isSame(source, target) || from === to)
      .map((target): Connection => ({ from: source, to: target, verdict: network.between(source, target) })),
  );
  const passes = ({ verdict: { allowed, unenforced } }: Connection): boolean => {
    const open = [...meetPorts(allowed, wanted), ...meetPorts(unenforced, wanted)];
    return ports === undefined ? open.length > 0 : withoutPorts(withoutPorts(wanted, allowed), unenforced).length === 0;
  };
  const isClosed = ({ verdict }: Connection): boolean => STANDINGS.every((standing) => meetPorts(verdict[standing], wanted).length === 0);
  const isNot = this.isNot === true;
  const broken = connections.filter((connection) => (isNot ? !isClosed(connection) : !passes(connection)));
  const hint = this.utils.matcherHint(
    'toReach',
    'posture',
    [from, to, ports]
      .filter((text) => text !== undefined)
      .map((text) => `'${text}'`)
      .join(', '),
    { isNot },
  );
  return {
    pass: isNot ? broken.length > 0 : broken.length === 0,
    message: () =>
      [
        hint,
        '',
        ...broken.slice(0, LISTED).map((one) => told(this, posture, network, one, wanted)),
        ...(broken.length > LISTED ? [`and ${broken.length - LISTED} more`] : []),
      ].join('\n'),
  };
}

const STANDINGS = ['allowed', 'unenforced', 'undecided'] as const satisfies readonly Standing[];

function isSame(from: End, to: End): boolean {
  return from.kind === 'workload' && to.kind === 'workload' && from.number === to.number;
}

/** A connection hop by hop, with the user's line beside the object that decides each. */
function told({ utils }: MatcherContext, posture: Posture, network: Network, { from, to, verdict }: Connection, wanted: Ports): string {
  const { meetPorts, portWords, verdictWords } = require('../../analysis') as typeof import('../../analysis');
  const { allowed, unenforced, undecided } = verdict;
  const found = verdictWords({
    allowed: meetPorts(allowed, wanted),
    unenforced: meetPorts(unenforced, wanted),
    undecided: meetPorts(undecided, wanted),
  });
  const head = `${from.name} -> ${to.name} ${found.length === 0 ? `is closed on ${portWords(wanted).join(', ')}` : found.join(', ')}`;
  const hops = network.explain(from, to, wanted).map(({ passes, text, objects }) => {
    const lines = objects
      .map((object) => ({ object, line: posture._sourceLine(object) ?? object.source.path }))
      .filter(({ line }) => line !== undefined);
    const color = passes ? utils.RECEIVED_COLOR : utils.EXPECTED_COLOR;
    return [
      `  ${color(text)}`,
      ...lines.map(({ object, line }) => `    ${utils.DIM_COLOR(`${object.kind} ${object.name}: ${line}`)}`),
    ].join('\n');
  });
  return [head, ...hops].join('\n');
}
