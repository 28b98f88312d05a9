import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allControls } from '../../lib/controls/catalogue';
import { type JsonObject, readAssembly, readObjects } from '../../lib/inventory';
import { blueprints } from '../../lib/jest/blueprint';
import { factsOf } from '../../lib/jest/facts';
import { formatPosture } from '../../lib/jest/posture-file';
import { readCharts } from '../../lib/posture/apps';
import { Examination } from '../../lib/posture/examine';
import { disk } from '../../lib/posture/paths';

/** What an example synthesizes, as data that a test may change: the JSON files of the cloud assembly by path, and the objects of the charts. */
export interface World {
  readonly folder: string;
  readonly files: { [path: string]: JsonObject };
  readonly objects: JsonObject[];
}

export type Example = 'quickstart' | 'reference-platform';

/** Synthesizes an example. */
export function worldOf(example: Example): World {
  const { build } = require(`../../examples/${example}/app`) as typeof import('../../examples/quickstart/app');
  const outdir = mkdtempSync(join(tmpdir(), 'snapshots-'));
  const { cdk, charts } = build({ outdir });
  cdk.synth();
  const files: World['files'] = {};
  for (const name of readdirSync(outdir, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.json')) files[`${outdir}/${name}`] = JSON.parse(readFileSync(join(outdir, name), 'utf8')) as JsonObject;
  }
  return { folder: outdir, files, objects: readCharts(charts).kubernetes.map(({ object }) => object) };
}

export const copyOf = (world: World): World => structuredClone(world);

/** The CloudFormation templates of a world. */
export function templatesOf({ files }: World): { [stack: string]: JsonObject } {
  return Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.endsWith('.template.json'))
      .map(([path, body]) => [path.replace(/^.*\/|\.template\.json$/g, ''), body]),
  );
}

function examinationOf({ folder, files, objects }: World): Examination {
  const read = (path: string): string => (files[path] === undefined ? disk.read(path) : JSON.stringify(files[path]));
  const exists = (path: string): boolean => files[path] !== undefined || disk.exists(path);
  return new Examination([readAssembly(folder, { ...disk, read, exists }), readObjects(objects)], {
    controls: allControls,
    known: () => true,
    kubernetes: '1.35',
    asOf: '2026-11-01',
  });
}

/** The posture file of a world. */
export function postureOf(world: World): string {
  return formatPosture(factsOf(examinationOf(world).audit).keys());
}

/** The blueprints of all of its resources. */
export function blueprintsOf(world: World): string {
  return blueprints(examinationOf(world).audit.inventory);
}

/** Lines that one text has and the other has not, each as often as it stands there more. */
export function changedLines(before: string, after: string): string[] {
  const counts = new Map<string, number>();
  for (const line of before.split('\n')) counts.set(line, (counts.get(line) ?? 0) - 1);
  for (const line of after.split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].flatMap(([line, count]) => Array<string>(Math.abs(count)).fill(`${count < 0 ? '-' : '+'} ${line}`));
}
