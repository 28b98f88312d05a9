import { InputError } from '../error';
import { section } from './intrinsics';
import type { Acceptance } from './model';
import type { Reading } from './reading';
import { readTemplate } from './template';
import type { Json, JsonObject } from './value';
import { parseDocuments } from './yaml';

/** Construct metadata type under which exemptions and decisions travel. */
const ACCEPTANCE = 'cdk-bulwark:acceptance';

/** How the reader reaches files, so that it works on a disk, in memory and in tests. */
export interface Files {
  read(path: string): string;
  exists(path: string): boolean;
}

interface Artifact {
  readonly type?: string;
  readonly environment?: string;
  readonly displayName?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly directoryName?: string };
  readonly metadata?: { readonly [path: string]: readonly { readonly type?: string; readonly data?: Json }[] };
  readonly additionalMetadataFile?: string;
}

/**
 * Reads a cloud assembly (`cdk.out`): every stack, nested stacks and stages included, with the exemptions and decisions in its metadata.
 * Throws `AssemblyInvalid` when the folder holds none.
 */
export function readAssembly(folder: string, files: Files): Reading {
  const manifestFile = join(folder, 'manifest.json');
  if (!files.exists(manifestFile))
    throw new InputError('AssemblyInvalid', 'the folder has no manifest.json; pass the output folder of cdk synth', { file: folder });
  const manifest = parse(files.read(manifestFile), manifestFile) as { artifacts?: { [id: string]: Artifact } };
  const readings: Reading[] = [];
  const acceptances: Acceptance[] = [];
  for (const [id, artifact] of Object.entries(manifest.artifacts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (artifact.type === 'cdk:cloud-assembly' && artifact.properties?.directoryName !== undefined) {
      readings.push(readAssembly(join(folder, artifact.properties.directoryName), files));
    }
    if (artifact.type !== 'aws:cloudformation:stack' || artifact.properties?.templateFile === undefined) continue;
    const file = join(folder, artifact.properties.templateFile);
    const [, account, region] = /^aws:\/\/([^/]+)\/([^/]+)$/.exec(artifact.environment ?? '') ?? [];
    const stack = artifact.displayName ?? id;
    const known = {
      account: account === 'unknown-account' ? undefined : account,
      region: region === 'unknown-region' ? undefined : region,
    };
    readStack(stack, file, folder, files, known, undefined, readings);
    acceptances.push(...acceptancesOf(artifact, stack, folder, files));
  }
  return {
    kubernetes: [],
    templates: readings.flatMap((reading) => reading.templates),
    acceptances: [...acceptances, ...readings.flatMap((reading) => reading.acceptances)],
    notices: [],
  };
}

function readStack(
  stack: string,
  file: string,
  folder: string,
  files: Files,
  known: { account?: string; region?: string },
  parent: { stack: string; logicalId: string } | undefined,
  readings: Reading[],
): void {
  if (!files.exists(file))
    throw new InputError('AssemblyInvalid', `the template of stack '${stack}' is missing; run cdk synth again`, { file });
  const own = readTemplate(files.read(file), { stack, file });
  const nested: { [logicalId: string]: string } = {};
  const children: [string, string][] = [];
  for (const [logicalId, body] of Object.entries(section(own.templates[0], 'Resources'))) {
    const metadata = (body as JsonObject | null)?.Metadata as JsonObject | undefined;
    const asset = metadata?.['aws:asset:path'];
    if ((body as JsonObject).Type !== 'AWS::CloudFormation::Stack' || typeof asset !== 'string') continue;
    nested[logicalId] = `${stack}/${logicalId}`;
    children.push([logicalId, join(folder, asset)]);
  }
  readings.push({ ...own, templates: [{ ...own.templates[0], ...known, nested, parent }] });
  for (const [logicalId, child] of children) readStack(nested[logicalId], child, folder, files, known, { stack, logicalId }, readings);
}

function acceptancesOf(artifact: Artifact, stack: string, folder: string, files: Files): Acceptance[] {
  let metadata = artifact.metadata ?? {};
  if (artifact.additionalMetadataFile !== undefined) {
    const file = join(folder, artifact.additionalMetadataFile);
    if (files.exists(file)) metadata = { ...metadata, ...(parse(files.read(file), file) as typeof metadata) };
  }
  const found: Acceptance[] = [];
  for (const [path, entries] of Object.entries(metadata)) {
    for (const entry of entries) {
      if (entry.type !== ACCEPTANCE) continue;
      const record = entry.data as unknown as Acceptance;
      found.push({
        kind: record.kind,
        control: record.control,
        owner: record.owner,
        reason: record.reason,
        until: record.until,
        scope: { stack, path: path.replace(/^\//, '') },
      });
    }
  }
  return found;
}

function parse(text: string, file: string): unknown {
  const [document] = parseDocuments(text, 'template', file);
  return document;
}

function join(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
