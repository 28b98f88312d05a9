import { evaluate, expression } from '../../lib/cel';
import { pattern } from '../../lib/cel/library/regex';
import type { Json } from '../../lib/inventory/value';

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
  test.each<[string, unknown]>([
    // regex
    ["'payments-api'.matches('^[a-z-]+$')", true],
    ["matches('abc', 'b')", true],
    ["'a1b22'.find('[0-9]+')", '1'],
    ["'abc'.find('[0-9]+')", ''],
    ["'a1b22c333'.findAll('[0-9]+')", ['1', '22', '333']],
    ["'a1b22c333'.findAll('[0-9]+', 2)", ['1', '22']],
    // strings
    ["'tacocat'.charAt(3)", 'o'],
    ["'a\u{1F600}b'.charAt(2)", 'b'],
    ["'a\u{1F600}b'.substring(1, 2)", '\u{1F600}'],
    ["'hello mellow'.indexOf('ello', 2)", 7n],
    ["'hello'.indexOf('')", 0n],
    ["'hello'.indexOf('l', 20)", -1n],
    ["'hello mellow'.lastIndexOf('ello')", 7n],
    ["'hello mellow'.lastIndexOf('ello', 6)", 1n],
    ["'hello hello'.replace('he', 'we')", 'wello wello'],
    ["'hello hello'.replace('he', 'we', 1)", 'wello hello'],
    ["'a$b'.replace('$', '$$')", 'a$$b'],
    ["'ÄBC'.lowerAscii()", 'Äbc'],
    ["'äbc'.upperAscii()", 'äBC'],
    ["'a,b,c'.split(',', 2)", ['a', 'b,c']],
    ["['a', 'b'].join('-')", 'a-b'],
    ["'  x '.trim()", 'x'],
    [`strings.quote('say "hi"\\n')`, '"say \\"hi\\"\\n"'],
    ["'%s has %d of %.2f%%'.format(['pod', 3, 1.5])", 'pod has 3 of 1.50%'],
    ["'%x %X %o %b %s'.format([255, 255, 8, true, [1, 2]])", 'ff FF 10 1 [1, 2]'],
    ["int('42')", 42n],
    // lists
    ['[1, 2, 3].sum()', 6n],
    ['[1.5, 2.0].sum()', 3.5],
    ['[3, 1, 2].min()', 1n],
    ["['a', 'c', 'b'].max()", 'c'],
    ['[1, 2, 2].isSorted()', true],
    ['[2, 1].isSorted()', false],
    ['[1, 2, 1].indexOf(1)', 0n],
    ['[1, 2, 1].lastIndexOf(1)', 2n],
    ['[1, 2].indexOf(3)', -1n],
    ['[1, 2, 3].slice(1, 3)', [2n, 3n]],
    ['[[1], [2, 3]].flatten()', [1n, 2n, 3n]],
    ['[3, 1].sort()', [1n, 3n]],
    ["[{'n': 2}, {'n': 1}].sortBy(x, x.n).map(x, x.n)", [1n, 2n]],
    ['[1, 2, 1].distinct()', [1n, 2n]],
    ['[1, 2].reverse()', [2n, 1n]],
    ['[1, 2].first().value()', 1n],
    ['[1, 2].last().orValue(0)', 2n],
    ['lists.range(3)', [0n, 1n, 2n]],
    ['[1, 2].includes(2)', true],
    ['sets.contains([1, 2, 3], [2, 3])', true],
    ['sets.equivalent([1, 2, 2], [2, 1])', true],
    ['sets.intersects([1], [2])', false],
    // quantities
    ["quantity('1500m').isGreaterThan(quantity('1'))", true],
    ["quantity('1Gi').compareTo(quantity('1G'))", 1n],
    ["quantity('1Ki') == quantity('1024')", true],
    ["quantity('2k').asInteger()", 2000n],
    ["quantity('1.5').isInteger()", false],
    ["quantity('1.5').asApproximateFloat()", 1.5],
    ["quantity('1').add(quantity('500m')).sub(1).asApproximateFloat()", 0.5],
    ["quantity('-1').sign()", -1n],
    ["isQuantity('1e3') && isQuantity('.5') && isQuantity('1Mi')", true],
    ["isQuantity('1gb') || isQuantity('') || isQuantity('1 Gi')", false],
    // versions
    ["semver('1.2.3').isLessThan(semver('1.10.0'))", true],
    ["semver('1.0.0-rc.1').compareTo(semver('1.0.0'))", -1n],
    ["isSemver('v1.2') || isSemver('1.02.3')", false],
    ["semver('v01.2', true).minor()", 2n],
    // addresses
    ["ip('10.0.0.1').family() == 4 && ip('::1').family() == 6", true],
    ["isIP('010.0.0.1') || isIP('::ffff:10.0.0.1') || isIP('fe80::1%eth0')", false],
    ["ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1')", true],
    ["string(ip('2001:db8:0:0::1'))", '2001:db8::1'],
    ["ip('127.0.0.1').isLoopback() && ip('169.254.169.254').isLinkLocalUnicast() && ip('0.0.0.0').isUnspecified()", true],
    ["ip('224.0.0.1').isLinkLocalMulticast() && ip('fe80::1').isLinkLocalUnicast() && ip('ff02::1').isLinkLocalMulticast()", true],
    ["ip('10.0.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()", true],
    ["cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))", true],
    ["cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR(cidr('10.0.0.0/8'))", true],
    ["string(cidr('192.168.1.7/24').masked())", '192.168.1.0/24'],
    ["cidr('::/0').prefixLength()", 0n],
    ["isCIDR('10.0.0.0/33') || isCIDR('10.0.0.0')", false],
    // URLs
    ["url('https://user@example.com:8443/a/b?x=1&x=2#f').getHost()", 'example.com:8443'],
    ["url('https://[::1]:8443/a').getHostname()", '::1'],
    ["url('https://example.com:8443/a').getPort()", '8443'],
    ["url('https://example.com/a%20b').getEscapedPath()", '/a%20b'],
    ["url('https://example.com/?x=1&x=2').getQuery()['x']", ['1', '2']],
    ["url('/path/only').getScheme()", ''],
    ["isURL('../relative') || isURL('') || isURL('https://a b/')", false],
    // formats
    ["format.dns1123Label().validate('a-b').hasValue()", false],
    ["format.dns1123Label().validate('A_b').value().size()", 1n],
    ["format.named('labelValue').value().validate('').hasValue()", false],
    ["format.named('nonsense').hasValue()", false],
    ["format.qualifiedName().validate('example.com/name').hasValue() || format.date().validate('2026-02-28').hasValue()", false],
    ["format.date().validate('2026-02-30').hasValue()", true],
    // optionals
    ['optional.of(1).optMap(x, x + 1).value()', 2n],
    ['optional.none().optMap(x, x + 1).hasValue()', false],
    ['optional.of(1).optFlatMap(x, optional.of(x + 1)).orValue(0)', 2n],
    ["optional.ofNonZeroValue('').hasValue()", false],
    ['optional.ofNonZeroValue([1]).hasValue()', true],
    // macros of two variables
    ["['a', 'b'].all(i, v, i < 2 && v != 'c')", true],
    ["['a', 'b'].exists(i, v, i == 1 && v == 'b')", true],
    ["{'a': 1}.exists(k, v, k == 'a' && v == 1)", true],
    ["['a', 'b'].existsOne(i, v, v == 'a')", true],
    ["['a', 'b'].existsOne(v, v == 'a')", true],
    ["['a', 'b'].transformList(i, v, v + string(i))", ['a0', 'b1']],
    ["['a', 'b'].transformList(i, v, i > 0, v)", ['b']],
    ["{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v * 2)", new Map([['b', 4n]])],
    ["{'a': 'x'}.transformMapEntry(k, v, {v: k})", new Map([['x', 'a']])],
    ['[[1, 2], [3]].all(i, row, row.all(j, cell, cell > i + j - 1))', true],
    ['cel.bind(x, 2, x * x)', 4n],
  ])('%s', (text, expected) => {
    expect(value(text)).toEqual(expected);
  });
});

test('a pattern that makes other engines hang is decided at once', () => {
  const began = process.cpuUsage();
  expect(value("text.matches('^(a+)+$')", { text: `${'a'.repeat(50_000)}b` })).toBe(false);
  expect(process.cpuUsage(began).user).toBeLessThan(2_000_000);
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
