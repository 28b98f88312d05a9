import { KINDS } from '../../lib/jest/facts';
import { formatPosture, type PostureFile, parsePosture } from '../../lib/jest/posture-file';
import { compare, record, renames } from '../../lib/jest/ratchet';

const fileOf = (...lines: string[]): PostureFile => parsePosture(formatPosture(lines), 'x.posture');
const HEAD = `schema: 1 ${[...KINDS.keys()].join(' ')}`;

test.each(['access', 'admin', 'assume', 'attach', 'can', 'decide', 'exempt', 'expose', 'may', 'permit', 'undecided'])(
  'a new %s line opens, one that went closes',
  (kind) => {
    const line = `${kind} something`;
    expect(compare(fileOf(), new Set([line]))).toEqual({ opens: [{ line, sign: '+' }], closes: [], fresh: [] });
    expect(compare(fileOf(line), new Set())).toEqual({ opens: [], closes: [{ line, sign: '-' }], fresh: [] });
  },
);

test.each(['deny', 'bound', 'forbid'])('a new %s line closes, one that went opens', (kind) => {
  const line = `${kind} something`;
  expect(compare(fileOf(), new Set([line]))).toEqual({ opens: [], closes: [{ line, sign: '+' }], fresh: [] });
  expect(compare(fileOf(line), new Set())).toEqual({ opens: [{ line, sign: '-' }], closes: [], fresh: [] });
});

test('a changed line is one that went and a new one', () => {
  const changes = compare(
    fileOf('exempt A-S3-01 Data owner=a until=2026-12-01'),
    new Set(['exempt A-S3-01 Data owner=a until=2027-01-01']),
  );
  expect(changes.opens.map(({ line }) => line)).toEqual(['exempt A-S3-01 Data owner=a until=2027-01-01']);
  expect(changes.closes.map(({ line }) => line)).toEqual(['exempt A-S3-01 Data owner=a until=2026-12-01']);
});

test('a kind that the file does not have yet is a section to add, and no change', () => {
  const old = parsePosture('schema: 1 may\nmay A s3:* *\n', 'x.posture');
  const facts = new Set(['may A s3:* *', 'can a/b get pods in a']);
  const changes = compare(old, facts);
  expect(changes.opens).toEqual([]);
  expect(changes.fresh).toContain('can');
  expect(record(old, facts, [], changes.fresh)).toEqual(['may A s3:* *', 'can a/b get pods in a']);
});

test('recording takes what it is given and nothing else', () => {
  const old = fileOf('may A s3:* *', 'deny A sqs:* *', 'may B s3:* *');
  const facts = new Set(['may C s3:* *', 'may A s3:* *']);
  const { closes } = compare(old, facts);
  expect(record(old, facts, closes, []).sort()).toEqual(['deny A sqs:* *', 'may A s3:* *']);
});

describe('renames', () => {
  const of = (recorded: PostureFile, facts: ReadonlySet<string>) => {
    const { opens, closes } = compare(recorded, facts);
    return renames([...opens, ...closes], recorded, facts).map(({ from, to }) => `${from} -> ${to}`);
  };
  test('are names that went, with the one in their place', () => {
    expect(
      of(
        fileOf('may P/Api s3:Get* P/Logs', 'assume shop/api => role P/Api'),
        new Set(['may P/Web s3:Get* P/Logs', 'assume shop/api => role P/Web']),
      ),
    ).toEqual(['P/Api -> P/Web']);
  });
  test('are neither other actions nor names that are still there', () => {
    expect(of(fileOf('may P/Api s3:Get* P/Logs'), new Set(['may P/Api s3:Put* P/Logs']))).toEqual([]);
    expect(of(fileOf('may P/Api s3:Get* P/Logs', 'may P/Api sqs:* *'), new Set(['may P/Web s3:Get* P/Logs', 'may P/Api sqs:* *']))).toEqual(
      [],
    );
  });
});

describe('a posture file', () => {
  test('is sorted, whatever order the facts came in', () => {
    expect(formatPosture(['may B s3:* *', 'can a/b get pods in a', 'may A s3:* *'])).toBe(
      `${HEAD}\ncan a/b get pods in a\nmay A s3:* *\nmay B s3:* *\n`,
    );
  });
  test('is read with the line ends of Windows', () => {
    expect([...parsePosture(`${HEAD}\r\nmay A s3:* *\r\n`, 'x.posture').lines]).toEqual(['may A s3:* *']);
  });
  test.each([
    ['', /x\.posture:1: the line '' of a posture file is not 'schema: 1'.*\(PostureFileInvalid\)/],
    ['nonsense\n', /x\.posture:1: the line 'nonsense' .*\(PostureFileInvalid\)/],
    [`${HEAD}\nmay A s3:* *\n<<<<<<< HEAD\n`, /x\.posture:3: the line '<<<<<<< HEAD' .* not a fact .*\(PostureFileInvalid\)/],
    [`${HEAD}\nmay\n`, /x\.posture:2: .*\(PostureFileInvalid\)/],
    ['schema: 2 may\n', /has schema 2, which this version does not know; update cdk-bulwark \(PostureFileNewer\)/],
    ['schema: 1 may orbit\norbit a\n', /has facts of kind 'orbit', which this version does not know.*\(PostureFileNewer\)/],
  ])('%j is refused with one message', (text, message) => {
    expect(() => parsePosture(text, 'x.posture')).toThrow(message);
  });
});
