import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { k8s, posture } from 'cdk-bulwark';
import { type App, Yaml } from 'cdk8s';
import { build as adopted } from './adopted';
import { build as before } from './before';
import { build as hardened } from './hardened';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  // biome-ignore lint/suspicious/noExplicitAny: a spec is open JSON.
  readonly spec: any;
}
const committed = readFileSync(join(__dirname, 'before', 'shop.k8s.yaml'), 'utf8');
const objects = (text: string): Manifest[] => {
  const file = join(mkdtempSync(join(tmpdir(), 'adopt-')), 'objects.yaml');
  writeFileSync(file, text);
  return Yaml.load(file) as Manifest[];
};
const audited = (text: string) => posture.Posture.of({ manifests: [text], kubernetes: '1.35', asOf: '2026-11-01' }).findings;
const findings = (text: string): string[] => audited(text).map(({ control, resource }) => `${control} ${resource.name}`);
const of = (text: string, control: string): string[] => findings(text).filter((finding) => finding.startsWith(control));
const yaml = (app: App): string => app.synthYaml();
const { SAFE, STRICT } = k8s.HardeningLevel;

/** What must not change while pods run: the name of each workload and the labels it finds its pods by. */
const selectors = (text: string) =>
  objects(text)
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => [metadata.name, spec.selector.matchLabels])
    .sort();
const services = (text: string) =>
  objects(text)
    .filter(({ kind }) => kind === 'Service')
    .map(({ metadata, spec }) => [metadata.name, spec.selector, spec.ports.map(({ port }: { port: number }) => port)])
    .sort();

test('what stands in the folder is what the plain program writes', () => {
  expect(yaml(before().app)).toBe(committed);
});

test('step one, check: what the plain program leaves open', () => {
  for (const control of ['K-CTR-09', 'K-CTR-16', 'K-POD-19', 'K-RES-06']) {
    expect([control, of(committed, control)]).toEqual([control, [`${control} api`, `${control} db`, `${control} web`]]);
  }
});

test('step two, safely: seccomp and service links are closed, and nothing that a program could miss is touched', () => {
  const text = yaml(hardened(SAFE));
  for (const control of ['K-CTR-16', 'K-POD-19']) expect([control, of(text, control)]).toEqual([control, []]);
  expect(of(text, 'K-CTR-09')).toHaveLength(3);
  expect(selectors(text)).toEqual(selectors(committed));
  expect(services(text)).toEqual(services(committed));
});

test('step two, strictly: no user, capability, token or disk is left open; what no pod can give is', () => {
  const text = yaml(hardened(STRICT));
  for (const control of ['K-CTR-04', 'K-CTR-08', 'K-CTR-09', 'K-CTR-16', 'K-POD-15', 'K-POD-19', 'K-RES-06']) {
    expect([control, of(text, control)]).toEqual([control, []]);
  }
  expect(of(text, 'K-NET-02')).not.toEqual([]);
  expect(selectors(text)).toEqual(selectors(committed));
});

test('step three: nothing is left that breaks a build, and what runs is still found by the same names and labels', () => {
  const text = yaml(adopted());
  expect(audited(text).filter(({ blocking }) => blocking)).toEqual([]);
  expect(selectors(text)).toEqual(selectors(committed));
  expect(services(text)).toEqual(services(committed));
  const kept = (one: string) =>
    objects(one)
      .filter(({ kind }) => ['ConfigMap', 'PersistentVolumeClaim', 'Service'].includes(kind))
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
      .sort();
  expect(kept(text)).toEqual(kept(committed));
});
