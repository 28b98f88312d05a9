import { evaluate, expression } from '../../lib/cel';
import { pattern } from '../../lib/cel/library/regex';
import type { Json } from '../../lib/inventory/value';
import { LIBRARY } from './library';

const value = (text: string, variables: { readonly [name: string]: Json } = {}): unknown => {
  const outcome = evaluate(text, variables);
  return 'value' in outcome ? outcome.value : `error: ${outcome.error}`;
};

describe('values', () => {
  test.each<[string, unknown]>([
    ['o.text', 'a'],
    ['o.whole == 3', true],
    ['o.half > 0', true],
    ['o.half < 3', true],
    ['o.list[1]', 'y'],
    ['o.constructor', 'no function'],
    ["'key' in o", false],
    ["'nothing' in o", true],
    ['o.nothing == null', true],
    ['has(o.text) && !has(o.other)', true],
    ["o.?other.orValue('default')", 'default'],
    ["o.?deep.?er.orValue('default')", 'found'],
    ['o.?deep.?more.?still.hasValue()', false],
    ['o.list.all(item, item != "z")', true],
    ['o.deep.all(key, key == "er")', true],
    ['o.list.map(item, item == "x", item + "!")', ['x!']],
    ["o == {'a': 1}", false],
    ["o.deep == {'er': 'found'}", true],
    ["o.list == ['x', 'y']", true],
  ])('%s', (text, expected) => {
    const o = { text: 'a', whole: 3, half: 0.5, list: ['x', 'y'], constructor: 'no function', nothing: null, deep: { er: 'found' } };
    expect(value(text, { o })).toEqual(expected);
  });
});

describe('the library', () => {
  test.each(LIBRARY)('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });
});

// Backtracking would take longer than anybody waits.
test('a pattern that makes other engines hang is decided', () => {
  expect(value("text.matches('^(a+)+$')", { text: `${'a'.repeat(50_000)}b` })).toBe(false);
});

describe('an expression that cannot be used says where', () => {
  const said = (text: string, variables: readonly string[] = ['object']): string => {
    try {
      expression(text, variables, { file: 'policy.yaml', line: 7 });
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing';
  };
  test.each([
    ['object.spec.(', 'policy.yaml:7: expected IDENTIFIER, got LPAREN, at line 1 column 13; correct the expression (CelSyntax)'],
    ['object.a &&\n  (object.b', 'policy.yaml:7: expected RPAREN, got EOF, at line 2 column 12; correct the expression (CelSyntax)'],
    [
      'object.name.startWith("a")',
      "policy.yaml:7: there is no function 'startWith', at line 1 column 13; call a function that Kubernetes 1.37 has (CelFunctionUnknown)",
    ],
    [
      'math.greatest(1, 2) > 1',
      "policy.yaml:7: there is no function 'greatest', at line 1 column 6; call a function that Kubernetes 1.37 has (CelFunctionUnknown)",
    ],
    [
      "object.name.replace('a')",
      "policy.yaml:7: 'replace' does not take 1 arguments, at line 1 column 13; call a function that Kubernetes 1.37 has (CelFunctionUnknown)",
    ],
    [
      "b'abc'.hex() == ''",
      "policy.yaml:7: there is no function 'hex', at line 1 column 8; call a function that Kubernetes 1.37 has (CelFunctionUnknown)",
    ],
    ["{?'a': optional.none()}", 'policy.yaml:7: unexpected token: QUESTION, at line 1 column 2; correct the expression (CelSyntax)'],
    ['object.`a-b`', 'policy.yaml:7: unexpected character: `, at line 1 column 8; correct the expression (CelSyntax)'],
    [
      'cel.bind(x, 1, x)',
      "policy.yaml:7: there is no function 'bind', at line 1 column 5; call a function that Kubernetes 1.37 has (CelFunctionUnknown)",
    ],
    ['objekt.name', 'policy.yaml:7: unknown variable: objekt, at line 1 column 1; correct the expression (CelInvalid)'],
    ["1 + 'a'", 'policy.yaml:7: no such overload: int + string, at line 1 column 1; correct the expression (CelInvalid)'],
    ['[1].all(1, 2, true)', 'policy.yaml:7: a variable of a macro is no name, at line 1 column 9; write a plain name (CelMacroInvalid)'],
  ])('%s', (text, message) => {
    expect(said(text)).toBe(message);
  });
});

describe('an evaluation that has no answer says why', () => {
  test.each<[string, string]>([
    ['object.missing', 'no such key: missing'],
    ["'a'.matches('(')", "'(' is no RE2 pattern (error parsing regexp: missing closing ): `(`); correct it"],
    ["'a'.matches('(?=a)')", "'(?=a)' is no RE2 pattern (error parsing regexp: invalid or unsupported Perl syntax: `(?=`); correct it"],
    ["'abc'.charAt(4)", 'index 4 is out of range; keep it within the value'],
    ["int('')", "'' is no integer; check it before int()"],
    ["int('9223372036854775808')", "'9223372036854775808' is no integer; check it before int()"],
    ['int(1.0e300)', '1e+300 is no integer; check it before int()'],
    ["quantity('much')", "'much' is no quantity; write it as 500m or 2Gi, or check isQuantity() first"],
    ["quantity('500m').asInteger()", 'the quantity 0.5 is no 64-bit integer; check isInteger() first'],
    ["semver('1.2')", "'1.2' is no semantic version; write it as 1.2.3, or check isSemver() first"],
    ["ip('10.0.0')", "'10.0.0' is no IP address; check isIP() first"],
    ["cidr('10.0.0.0')", "'10.0.0.0' is no CIDR; check isCIDR() first"],
    ["url('path')", "'path' is no absolute URL; check isURL() first"],
    ['[].min()', 'min() was called on an empty list; check its size first'],
    ["[dyn(1), dyn('a')].max()", 'a string and a int have no order; compare values of one type'],
    ["['a'].sum()", 'sum() takes integers, doubles or durations; map the list to one of them'],
    ['[9223372036854775807, 1].sum()', 'the sum is no 64-bit integer; sum smaller values'],
    ['lists.range(2000000)', 'range(2000000) is too long; give 0 to 1000000'],
    ['[1].slice(0, 2)', 'the slice from 0 to 2 is out of range; the list has 1 items'],
    ["'%s'.format([])", "'%s' has no value; give format() one for every clause"],
    ["'%d'.format(['a'])", "'%d' cannot write a; choose a clause of its type, %s takes any"],
    ["dyn('text').all(i, v, true)", 'a macro runs over something that is neither list nor map; give it one of them'],
    ['[1].all(i, v, dyn(v))', 'a condition of a macro is no bool; compare it with something'],
    ["['a', 'b'].transformMapEntry(i, v, {'same': v})", "transformMapEntry() makes the key 'same' twice; make each key once"],
  ])('%s', (text, message) => {
    expect(evaluate(text, { object: {} })).toEqual({ error: message });
  });

  test('which no other operand decides', () => {
    expect(value('object.missing || true', { object: {} })).toBe(true);
    expect(value('object.missing && false', { object: {} })).toBe(false);
    expect(value("['a'].exists(i, v, object.missing || true)", { object: {} })).toBe(true);
    expect(value("['a', 'b'].exists(i, v, v == 'b' || object.missing)", { object: {} })).toBe(true);
  });
});

test('what the library refuses has one code', () => {
  expect(() => pattern('(')).toThrow(expect.objectContaining({ code: 'CelNoValue' }));
});
