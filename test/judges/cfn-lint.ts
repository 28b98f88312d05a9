import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { filesOf, type Judge } from './judge';

interface Match {
  readonly Filename: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: { readonly PathObject?: readonly (string | number)[] } };
}

export const cfnLint: Judge = {
  name: 'cfn-lint',
  variable: 'CFN_LINT',
  reads: { templates: 'E3002' },
  proof: { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Nonsense: true } } } },
  run(program, tree, folder) {
    const { stdout, stderr, status } = spawnSync(program, ['--format', 'json', '--', ...filesOf(folder, tree)], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    // Without a finding it writes nothing.
    if (stdout.trim() === '' && status !== 0) throw new Error(stderr);
    return (stdout.trim() === '' ? [] : (JSON.parse(stdout) as Match[])).map(({ Filename: file, Rule, Message: message, Location }) => ({
      file: basename(file),
      rule: Rule.Id,
      resource: (Location.Path.PathObject ?? []).slice(0, 4).join('/'),
      message,
    }));
  },
};
