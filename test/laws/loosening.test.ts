import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT, sources } from './sources';

interface Property {
  readonly name: string;
  readonly optional?: boolean;
  readonly type?: { readonly primitive?: string };
}

/** Booleans that open nothing: a new one is added here only when both of its values are equally safe. */
const HARMLESS = [
  'cdk-bulwark.k8s.AppProps.recordConstructMetadata',
  'cdk-bulwark.k8s.CronJobProps.suspend',
  // It says what the image does, not what the pod may: without it the pod gets a user that is not root.
  'cdk-bulwark.k8s.ImageOptions.declaresUser',
  'cdk-bulwark.posture.Finding.blocking',
];

test('nothing is loosened by a boolean: what weakens takes an exemption or a decision', () => {
  const assembly = JSON.parse(gunzipSync(readFileSync(join(ROOT, '.jsii.gz'))).toString('utf8')) as {
    types: { [fqn: string]: { datatype?: boolean; kind: string; properties?: Property[] } };
  };
  const flags = Object.entries(assembly.types)
    .filter(([, type]) => type.kind === 'interface')
    .flatMap(([fqn, { properties = [] }]) =>
      properties.filter(({ type }) => type?.primitive === 'boolean').map(({ name }) => `${fqn}.${name}`),
    );
  expect(flags.sort()).toEqual(HARMLESS);
});

// What test/jest tests are snapshots themselves.
test('unit tests assert what matters: no snapshot of a whole template, no clock', () => {
  const wrong = sources('test')
    .filter(({ path }) => path.endsWith('.test.ts') && path !== 'test/laws/loosening.test.ts' && !path.startsWith('test/jest/'))
    .filter(({ text }) => /toMatchSnapshot|toMatchInlineSnapshot|cpuUsage|performance\.now|hrtime/.test(text))
    .map(({ path }) => path);
  expect(wrong).toEqual([]);
});
