import { relative } from 'node:path';
import { filesOf, type Judge, output } from './judge';

interface Report {
  readonly results?: {
    readonly failed_checks: readonly {
      readonly check_id: string;
      readonly check_name: string;
      readonly resource: string;
      readonly file_abs_path: string;
    }[];
  };
}

/** It asks for no guidelines over the network. A few of its rules tie the files of a folder to each other. */
export const checkov: Judge = {
  name: 'checkov',
  variable: 'CHECKOV',
  reads: { templates: 'CKV_AWS_58', manifests: 'CKV_K8S_16' },
  run(program, tree, folder) {
    if (filesOf(folder, tree).length === 0) return [];
    const framework = tree === 'templates' ? 'cloudformation' : 'kubernetes';
    const quiet = ['--output', 'json', '--quiet', '--compact', '--skip-download', '--skip-results-upload'];
    const text = output(program, ['--framework', framework, '--directory', folder, ...quiet]);
    const start = text.search(/[[{]/);
    if (start < 0) throw new Error(`checkov said nothing of ${folder}: ${text}`);
    return [JSON.parse(text.slice(start)) as Report | Report[]]
      .flat()
      .flatMap(({ results }) => results?.failed_checks ?? [])
      .map(({ check_id: rule, check_name: message, resource, file_abs_path: path }) => ({
        file: relative(folder, path),
        rule,
        resource,
        message,
      }));
  },
};
