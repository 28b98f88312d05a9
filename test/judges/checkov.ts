import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
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

/** It asks for no guidelines over the network. It ties the files of a folder to each other, so each gets a folder of its own. */
export const checkov: Judge = {
  name: 'checkov',
  variable: 'CHECKOV',
  reads: { templates: 'CKV_AWS_39', manifests: 'CKV_K8S_16' },
  run(program, tree, folder) {
    const files = filesOf(folder, tree);
    if (files.length === 0) return [];
    const apart = realpathSync(mkdtempSync(join(tmpdir(), 'checkov-')));
    try {
      for (const file of files) {
        mkdirSync(join(apart, file));
        copyFileSync(join(folder, file), join(apart, file, file));
      }
      const framework = tree === 'templates' ? 'cloudformation' : 'kubernetes';
      const quiet = ['--output', 'json', '--quiet', '--compact', '--skip-download', '--skip-results-upload'];
      const folders = files.flatMap((file) => ['--directory', join(apart, file)]);
      const text = output(program, ['--framework', framework, ...quiet, ...folders]);
      // It prints one report after the other, each the JSON of one folder.
      const reports = text.split(/\n(?=[[{])/).map((report) => JSON.parse(report) as Report | Report[]);
      return reports
        .flat()
        .flatMap(({ results }) => results?.failed_checks ?? [])
        .map(({ check_id: rule, check_name: message, resource, file_abs_path: path }) => ({
          file: relative(apart, path).split(sep)[0],
          rule,
          resource,
          message,
        }));
    } finally {
      rmSync(apart, { recursive: true });
    }
  },
};
