import type { Json } from '../../inventory';
import { text } from './cel';
import { listOf, mapOf, type Psp } from './policy';

/** Levels of the Pod Security Standards, the strictest first. */
export const LEVELS = ['restricted', 'baseline', 'privileged'] as const;
export type Level = (typeof LEVELS)[number];

/** A condition on a pod that admission checks. */
export interface Check {
  /** CEL over `variables.pod` and `variables.containers`. */
  readonly expression: string;
  readonly message: string;
}

/** What becomes of one field of a policy. */
export interface Outcome {
  /** The strictest level that refuses nothing which this field let pass. */
  readonly level: Level;
  readonly checks?: readonly Check[];
  /** CEL of JSON patches that set what the policy set. */
  readonly fills?: readonly string[];
  /** What is different now, as sentences without a full stop. */
  readonly notes?: readonly string[];
}

/** What a policy's setting becomes. */
export type Field = (value: Json | undefined, psp: Psp) => Outcome;

/** Nothing is asked. */
export const ANY: Outcome = { level: 'privileged' };
/** CEL: every container satisfies a condition over `c`. */
export const every = (condition: string): string => `variables.containers.all(c, ${condition})`;
/** CEL: an optional of the container's field, else the pod's. */
export const effective = (field: string): string => `c.?securityContext.?${field}.or(variables.pod.?securityContext.?${field})`;
/** A list of names. */
export const names = (value: Json | undefined): string[] => listOf(value).map(String);
/** CEL: a list of texts. */
export const list = (values: readonly string[]): string => `[${values.map(text).join(', ')}]`;

/** Numbers from one to another. */
export interface Range {
  readonly min: number;
  readonly max: number;
}
/** Ranges as a policy writes them. */
export const rangesOf = (value: Json | undefined): Range[] =>
  listOf(value).map((range) => ({ min: Number(mapOf(range).min ?? 0), max: Number(mapOf(range).max ?? 0) }));
/** CEL: a name lies in one of the ranges. */
export const within = (name: string, ranges: readonly Range[]): string =>
  ranges.length === 0 ? 'false' : ranges.map(({ min, max }) => `(${name} >= ${min} && ${name} <= ${max})`).join(' || ');
/** Ranges in a message. */
export const said = (ranges: readonly Range[]): string => ranges.map(({ min, max }) => `${min}-${max}`).join(', ');

/** The weakest of levels: the strictest that all of them bear. */
export function weakest(levels: readonly Level[]): Level {
  return LEVELS[Math.max(0, ...levels.map((level) => LEVELS.indexOf(level)))];
}
