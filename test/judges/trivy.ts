import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, type Judge, output } from './judge';

interface Report {
  readonly Results?: readonly {
    readonly Target: string;
    readonly Type: string;
    readonly Misconfigurations?: readonly {
      readonly ID: string;
      readonly Status: string;
      readonly Message: string;
      readonly CauseMetadata: { readonly Resource?: string; readonly EndLine?: number };
    }[];
  }[];
}

/** The logical id of the resource that ends before a line of a template. */
function resourceAt(path: string, line: number): string {
  const before = readFileSync(path, 'utf8').split('\n').slice(0, line).join('\n');
  return [...before.matchAll(/"(\w+)": \{\s*"Type": "AWS::/g)].at(-1)?.[1] ?? '';
}

/** Every severity. Checks are those built in; it asks no network for newer ones. */
export const trivy: Judge = {
  name: 'trivy',
  variable: 'TRIVY',
  reads: { templates: 'AVD-AWS-0040', manifests: 'KSV017' },
  run(program, tree, folder) {
    const files = new Set(filesOf(folder, tree));
    if (files.size === 0) return [];
    const offline = ['--skip-check-update', '--skip-version-check', '--disable-telemetry'];
    const report = JSON.parse(output(program, ['--quiet', 'config', ...offline, '--format', 'json', folder])) as Report;
    const held = (report.Results ?? [])
      .filter(({ Target }) => files.has(Target))
      .flatMap(({ Target: file, Misconfigurations = [] }) =>
        Misconfigurations.filter(({ Status }) => Status === 'FAIL').map(({ ID: rule, Message: message, CauseMetadata }) => {
          const { Resource: named = '', EndLine = 0 } = CauseMetadata;
          const resource = named.startsWith(`${file}:`) ? resourceAt(join(folder, file), EndLine) : named;
          return { file, rule, resource, message };
        }),
      );
    // What it says of each document of a manifest without naming the object is one finding.
    return [...new Map(held.map((finding) => [JSON.stringify(finding), finding])).values()];
  },
};
