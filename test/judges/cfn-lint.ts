import { spawnSync } from 'node:child_process';
import { eachFile, type Judge } from './judge';

interface Match {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: { readonly PathObject?: readonly (string | number)[] } };
}

export const cfnLint: Judge = {
  name: 'cfn-lint',
  variable: 'CFN_LINT',
  reads: { templates: 'E3002' },
  proof: { Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Nonsense: true } } } },
  run: (program, tree, folder) =>
    eachFile(folder, tree, (file) => {
      const { stdout, stderr, status } = spawnSync(program, ['--format', 'json', '--', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (stdout.trim() === '' && status !== 0) throw new Error(stderr);
      return (stdout.trim() === '' ? [] : (JSON.parse(stdout) as Match[])).map(({ Rule, Message: message, Location }) => ({
        rule: Rule.Id,
        resource: (Location.Path.PathObject ?? []).slice(0, 4).join('/'),
        message,
      }));
    }),
};
