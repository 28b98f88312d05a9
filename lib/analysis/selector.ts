import { isJsonObject, type Json } from '../inventory';

/** One demand on labels. `matchLabels` are demands `In` with one value. */
export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** All of these must hold; the empty selector selects everything. */
export type Selector = readonly Requirement[];

/** Makes the error for a place inside the object. */
export type Complaint = (at: string, detail: string) => Error;

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
const KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

/** Reads a LabelSelector with the rules of the API server; throws what `complain` makes. A missing one and null are empty. */
export function readSelector(value: Json | undefined, at: string, complain: Complaint): Selector {
  if (value === undefined || value === null) return [];
  if (!isJsonObject(value)) throw complain(at, `the selector is ${JSON.stringify(value)}; give it matchLabels or matchExpressions`);
  const known = ['matchLabels', 'matchExpressions'];
  const odd = Object.keys(value).find((key) => !known.includes(key));
  if (odd !== undefined) throw complain(`${at}.${odd}`, `a selector has no '${odd}'; use matchLabels or matchExpressions`);
  const { matchLabels, matchExpressions } = value;
  const requirements: Requirement[] = [];
  if (matchLabels !== undefined && matchLabels !== null) {
    if (!isJsonObject(matchLabels)) throw complain(`${at}.matchLabels`, 'matchLabels is no map; write key: value');
    for (const [key, label] of Object.entries(matchLabels)) {
      requirements.push({
        key: labelKey(key, `${at}.matchLabels`, complain),
        operator: 'In',
        values: [labelValue(label, `${at}.matchLabels.${key}`, complain)],
      });
    }
  }
  if (matchExpressions !== undefined && matchExpressions !== null) {
    if (!Array.isArray(matchExpressions))
      throw complain(`${at}.matchExpressions`, 'matchExpressions is no list; start each entry with - key:');
    matchExpressions.forEach((expression, index) => {
      requirements.push(expressionOf(expression, `${at}.matchExpressions[${index}]`, complain));
    });
  }
  return requirements;
}

function expressionOf(expression: Json, at: string, complain: Complaint): Requirement {
  if (!isJsonObject(expression)) throw complain(at, 'the expression is no map; give it key and operator');
  const { key, operator, values } = expression;
  const found = OPERATORS.find((known) => known === operator);
  if (found === undefined) {
    const what = operator === undefined ? 'there is no operator' : `there is no operator '${String(operator)}'`;
    throw complain(`${at}.operator`, `${what}; use ${OPERATORS.join(', ')}`);
  }
  const list = Array.isArray(values) ? values : [];
  const takes = found === 'In' || found === 'NotIn';
  if (takes && list.length === 0)
    throw complain(`${at}.values`, `${found} has no values; name at least one, or use ${found === 'In' ? 'Exists' : 'DoesNotExist'}`);
  if (!takes && list.length > 0)
    throw complain(`${at}.values`, `${found} takes no values; remove them, or use ${found === 'Exists' ? 'In' : 'NotIn'}`);
  return {
    key: labelKey(key, `${at}.key`, complain),
    operator: found,
    values: list.map((value, index) => labelValue(value, `${at}.values[${index}]`, complain)),
  };
}

function labelKey(key: Json | undefined, at: string, complain: Complaint): string {
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw complain(at, `'${String(key)}' is no key of a label; correct it`);
}

function labelValue(value: Json, at: string, complain: Complaint): string {
  if (typeof value === 'string' && VALUE.test(value)) return value;
  throw complain(at, `${JSON.stringify(value)} is no value of a label; ${typeof value === 'string' ? 'correct it' : 'put it in quotes'}`);
}

/** How a selector reads in one line: `app=web,tier!=db,team in (a|b),!old`. */
export function selectorText(selector: Selector): string {
  return selector
    .map(({ key, operator, values }) => {
      const list = values.length === 1 ? values[0] : `(${[...values].sort().join('|')})`;
      if (operator === 'In') return `${key}=${list}`;
      if (operator === 'NotIn') return `${key}!=${list}`;
      return operator === 'Exists' ? key : `!${key}`;
    })
    .sort()
    .join(',');
}

/** Whether labels satisfy a selector. */
export function fits(selector: Selector, labels: { readonly [key: string]: string }): boolean {
  return selector.every(({ key, operator, values }) => {
    const has = Object.hasOwn(labels, key);
    if (operator === 'Exists') return has;
    if (operator === 'DoesNotExist') return !has;
    return (has && values.includes(labels[key])) === (operator === 'In');
  });
}
