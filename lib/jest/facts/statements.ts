import { isObject, listOf, type Value, type ValueObject } from '../../inventory';
import { type Names, word } from '../names';

/** The condition of a statement as the end of a line: ` if OPERATOR KEY=VALUE|VALUE and ...`, in order; empty without one. */
export function conditionText(condition: Value | undefined, names: Names): string {
  if (condition === undefined) return '';
  if (!isObject(condition)) return ` if ${word(names.text(condition))}`;
  const tests = Object.entries(condition).flatMap(([operator, block]) =>
    isObject(block)
      ? Object.entries(block).map(([key, values]) => `${operator} ${key}=${word(texts(values, names).join('|'))}`)
      : [`${operator} ${word(names.text(block))}`],
  );
  return tests.length === 0 ? '' : ` if ${tests.sort().join(' and ')}`;
}

/** The actions of a statement, each one word; what `NotAction` leaves out makes one word together, since leaving out less permits more. */
export function actionsOf({ Action, NotAction }: ValueObject, names: Names): string[] {
  return Action === undefined && NotAction !== undefined ? [allBut(NotAction, names)] : texts(Action, names).map(word);
}

/** The resources of a statement, like its actions. */
export function resourcesOf({ Resource, NotResource }: ValueObject, names: Names): string[] {
  return Resource === undefined && NotResource !== undefined ? [allBut(NotResource, names)] : texts(Resource, names).map(word);
}

function allBut(value: Value, names: Names): string {
  return word(`all-but(${texts(value, names).join(',')})`);
}

function texts(value: Value | undefined, names: Names): string[] {
  return listOf(value)
    .map((item) => names.arn(item))
    .sort();
}
