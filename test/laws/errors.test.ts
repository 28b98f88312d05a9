import { code, sources } from './sources';

interface Thrown {
  readonly at: string;
  readonly code: string;
  readonly message: string;
}

/** Every `new InputError('Code', message` of lib whose message starts with a literal. */
const thrown: Thrown[] = sources('lib').flatMap((file) =>
  [...code(file).matchAll(/new InputError\(\s*'([^']*)',\s*(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\]|\\.)*)")/g)].map(
    (match) => ({
      at: file.path,
      code: match[1],
      message: match[2] ?? match[3] ?? match[4],
    }),
  ),
);

test('errors are found', () => {
  expect(thrown.length).toBeGreaterThan(60);
});

test('codes are PascalCase', () => {
  expect(
    thrown.filter((error) => !/^[A-Z][a-z0-9]*([A-Z][a-z0-9]*)*$/.test(error.code)).map(({ at, code: name }) => `${at}: ${name}`),
  ).toEqual([]);
});

test('messages start in lower case and end without a full stop', () => {
  // A name that is written in capitals, such as EKS or a field, stays as it is.
  const wrong = thrown.filter(({ message }) => /^[A-Z][a-z]+ /.test(message) || /[.!]$/.test(message));
  expect(wrong.map(({ at, message }) => `${at}: ${message}`)).toEqual([]);
});

test('messages say what to change', () => {
  // What is wrong, then a semicolon or a colon, then the change; built messages keep the form in their last part.
  const wrong = thrown.filter(({ message }) => !/[;:]/.test(message) && !message.includes('${'));
  expect(wrong.map(({ at, message }) => `${at}: ${message}`)).toEqual([]);
});

test('nothing else is thrown by lib', () => {
  const other = sources('lib').flatMap((file) =>
    [...code(file).matchAll(/throw new (\w+)/g)]
      .filter((match) => !['InputError', 'GuardError'].includes(match[1]))
      .map((match) => `${file.path}: ${match[1]}`),
  );
  expect(other).toEqual([]);
});

/** Errors of the machine around the program, which no test can bring about everywhere. */
const ELSEWHERE = ['CdkTooOld', 'PathUnreadable'];

test('every code is met by a test', () => {
  const tests = sources('test')
    .filter(({ path }) => !path.startsWith('test/laws/'))
    .map(({ text }) => text)
    .join('\n');
  const codes = new Set(
    sources('lib').flatMap((file) => [...code(file).matchAll(/new InputError\(\s*'([^']*)'/g)].map(([, name]) => name)),
  );
  expect([...codes].filter((name) => !ELSEWHERE.includes(name) && !new RegExp(`\\b${name}\\b`).test(tests))).toEqual([]);
});
