import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reading } from '../../lib/inventory';
import { MAX_FILE_BYTES, readPaths } from '../../lib/posture/paths';
import { Texts } from '../../lib/posture/texts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-paths-'));
});

const object = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n`;
const template = JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } });
const put = (path: string, text: string | Buffer) => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
  return join(folder, path);
};
const read = (...paths: string[]) => readPaths(paths, new Texts(), () => object('from-stdin'));
const names = (readings: Reading[]) => readings.flatMap(({ kubernetes }) => kubernetes.map(({ name }) => name));
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  return 'nothing was thrown';
};

describe('a folder', () => {
  test('is read through, in the order of names, without hidden and installed things', () => {
    put('b/z.yml', object('z'));
    put('b/a.yaml', object('a'));
    put('a.json', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'first' } }));
    put('c.template', template);
    put('.git/x.yaml', object('hidden'));
    put('node_modules/x/x.yaml', object('installed'));
    put('README.md', 'apiVersion: v1\nkind: ConfigMap\n');
    const readings = read(folder);
    expect(names(readings)).toEqual(['first', 'a', 'z']);
    expect(readings.flatMap(({ templates }) => templates.map(({ file }) => file))).toEqual([join(folder, 'c.template')]);
  });

  test('may hold JSON and YAML of other kinds, which are told', () => {
    put('a.yaml', object('a'));
    put('values.yaml', 'replicas: 3\n');
    put('package.json', '{"name": "x"}');
    const readings = read(folder);
    expect(names(readings)).toEqual(['a']);
    expect(readings.flatMap(({ notices }) => notices.map(({ code, source }) => [code, source.file?.slice(folder.length + 1)]))).toEqual([
      ['FileSkipped', 'package.json'],
      ['FileSkipped', 'values.yaml'],
    ]);
  });

  test('with a broken file is an error with its line', () => {
    put('a.yaml', object('a'));
    put('b.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: [}\n');
    expect(messageOf(() => read(folder))).toMatch(/^b\.yaml:3:\d+: .*\(YamlInvalid\)$/);
  });

  test('without manifests is an error, also beside one that has some', () => {
    put('full/a.yaml', object('a'));
    put('empty/values.yaml', 'replicas: 3\n');
    expect(messageOf(() => read(join(folder, 'full'), join(folder, 'empty')))).toBe(
      "empty: 'empty' holds no Kubernetes manifest, CloudFormation template or cloud assembly; pass manifests, templates or the output of cdk synth (NothingToCheck)",
    );
  });

  test('that links back to itself ends', () => {
    put('a.yaml', object('a'));
    symlinkSync(folder, join(folder, 'loop'));
    expect(names(read(folder))).toEqual(['a']);
  });

  test('and a file in it are read once', () => {
    const file = put('a.yaml', object('a'));
    expect(names(read(folder, file, folder))).toEqual(['a']);
  });

  test('of cdk synth is one cloud assembly, wherever it lies', () => {
    put('a.yaml', object('a'));
    put('cdk.out/tree.json', '{}');
    put('cdk.out/Data.template.json', template);
    const properties = { templateFile: 'Data.template.json' };
    put(
      'cdk.out/manifest.json',
      JSON.stringify({ version: '50.0.0', artifacts: { Data: { type: 'aws:cloudformation:stack', properties } } }),
    );
    for (const path of [folder, join(folder, 'cdk.out'), join(folder, 'cdk.out/manifest.json')]) {
      expect(read(path).flatMap(({ templates }) => templates.map(({ stack }) => stack))).toEqual(['Data']);
    }
  });
});

describe('a file', () => {
  test.each([
    ['nothing.yaml', undefined, /^there is no file or folder 'nothing\.yaml'; correct the path, or synthesize first \(PathMissing\)$/],
    ['empty.yaml', '', /^empty\.yaml: 'empty\.yaml' holds no document; .* \(NothingToCheck\)$/],
    ['comment.yaml', '# only\n---\n', /\(NothingToCheck\)$/],
    [
      'binary.yaml',
      Buffer.from([0x89, 0x50, 0, 1]),
      /^binary\.yaml: the file has NUL bytes and is no text; pass YAML or JSON \(InputBinary\)$/,
    ],
    [
      'package.json',
      '{"name": "x"}',
      /^package\.json: .*neither a Kubernetes manifest .* nor a CloudFormation template.*\(NotRecognised\)$/,
    ],
    ['broken.json', '{"Resources": {"A": }', /^broken\.json:1:\d+: .*\(YamlInvalid\)$/],
    ['twice.yaml', 'apiVersion: v1\nkind: A\nkind: B\nmetadata: {name: a}\n', /^twice\.yaml:3:\d+: .*duplicat.*\(YamlInvalid\)$/i],
  ])('%s is one clear error', (name, text, message) => {
    const path = text === undefined ? join(folder, name) : put(name, text);
    expect(messageOf(() => read(path))).toMatch(message);
  });

  test('of fifty megabytes is refused unread', () => {
    const path = put('huge.yaml', Buffer.alloc(50_000_000, 'a'));
    expect(MAX_FILE_BYTES).toBeLessThan(50_000_000);
    expect(messageOf(() => read(path))).toBe('huge.yaml: the file has 47.7 MiB, more than 40; split it (InputTooLarge)');
  });

  test('of any name is read when it is named', () => {
    expect(names(read(put('manifest.txt', object('a'))))).toEqual(['a']);
  });
});

test('standard input goes by -', () => {
  expect(names(read('-'))).toEqual(['from-stdin']);
  expect(() => readPaths(['-'], new Texts(), () => '\n')).toThrow('standard input is empty');
});
