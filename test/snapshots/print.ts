import { existsSync } from 'node:fs';
import Module from 'node:module';
import { join } from 'node:path';

/**
 * print.ts EXAMPLE FOLDER: the posture and the blueprints of an example, as JSON, with the packages below FOLDER/node_modules in place of those that are
 * installed here. `plus-28` and `plus-34` are a program of cdk8s-plus that runs with both.
 */
const [name, folder] = process.argv.slice(2);
type Resolve = (request: string, parent: unknown, isMain: boolean, options?: { readonly paths: readonly string[] }) => string;
const loader = Module as unknown as { _resolveFilename: Resolve };
const { _resolveFilename: resolve } = loader;
const GIVEN = /^(aws-cdk-lib|cdk8s|cdk8s-plus-28|cdk8s-plus-34|constructs)(?=\/|$)/;
loader._resolveFilename = (request, parent, isMain, options) => {
  const given = folder === undefined ? undefined : GIVEN.exec(request)?.[0];
  if (given === undefined || !existsSync(join(folder, 'node_modules', given))) return resolve(request, parent, isMain, options);
  return resolve(request, parent, isMain, { paths: [folder] });
};

// Loaded only now that the libraries are found elsewhere.
const { blueprintsOf, postureOf, worldOf } = require('./world') as typeof import('./world');
const { fleetOf } = require('./plus') as typeof import('./plus');
const world = name === 'plus-28' || name === 'plus-34' ? fleetOf(`cdk8s-${name}`) : worldOf(name as 'quickstart');
const { version } = require(name.startsWith('plus') ? `cdk8s-${name}/package.json` : 'aws-cdk-lib/package.json') as { version: string };
process.stdout.write(JSON.stringify({ version, posture: postureOf(world), blueprints: blueprintsOf(world) }));
