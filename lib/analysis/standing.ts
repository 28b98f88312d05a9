import { ALL_PORTS, type Ports, portWords, samePorts, unitePorts } from './ports';

/** How certain it is that a connection passes: a policy that nothing enforces does not close it, and what was read may not tell. */
export type Standing = 'allowed' | 'unenforced' | 'undecided';

/** What may pass from one end to another. */
export interface Flow {
  /** `namespace/name`, `namespace/*`, `internet`, `node`, a range of addresses, or `*` for anybody. */
  readonly from: string;
  readonly to: string;
  /** `TCP 8443`, `TCP 8000-8080`, `UDP *`, `*` */
  readonly ports: string;
  readonly standing: Standing;
}

/** A flow in one line. */
export function flowText({ from, to, ports, standing }: Flow): string {
  return `${from} -> ${to} ${standingText(ports, standing)}`;
}

/** Ports with what is not certain about them: `TCP 8443`, `* undecided`. */
export function standingText(ports: string, standing: Standing): string {
  return standing === 'allowed' ? ports : `${ports} ${standing}`;
}

/** What may pass from one end to another; the three sets are disjoint, and what is in none of them is denied. */
export interface Verdict {
  readonly allowed: Ports;
  /** A policy denies it, and nothing enforces that policy. */
  readonly unenforced: Ports;
  /** What was read does not tell. */
  readonly undecided: Ports;
}

/** A verdict as entries, one for each range of ports. What completes the others to every port there is is written as `*`. */
export function verdictEntries({ allowed, unenforced, undecided }: Verdict): { readonly ports: string; readonly standing: Standing }[] {
  let sum: Ports = [];
  return (
    [
      [allowed, 'allowed'],
      [unenforced, 'unenforced'],
      [undecided, 'undecided'],
    ] as const
  ).flatMap(([ports, standing]) => {
    if (ports.length === 0) return [];
    sum = unitePorts(sum, ports);
    return portWords(samePorts(sum, ALL_PORTS) ? ALL_PORTS : ports).map((word) => ({ ports: word, standing }));
  });
}

/** A verdict in words: `TCP 8443`, `* undecided`. */
export function verdictWords(verdict: Verdict): string[] {
  return verdictEntries(verdict).map(({ ports, standing }) => standingText(ports, standing));
}
