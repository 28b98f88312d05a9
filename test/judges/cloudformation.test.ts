import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../laws/sources';
import { checkov } from './checkov';
import { EXAMPLES, expectExplained, type Finding, work } from './findings';

const templates = (example: string): string[] =>
  readdirSync(work(example, 'cdk.out'))
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => work(example, 'cdk.out', name));

test('aws-cdk-lib finds nothing with its own validation', () => {
  const findings = EXAMPLES.flatMap((example): Finding[] => {
    const report = JSON.parse(readFileSync(work(example, 'cdk.out', 'validation-report.json'), 'utf8')) as {
      pluginReports: { violations: { ruleName: string; description: string; violatingConstructs: { constructPath: string }[] }[] }[];
    };
    return report.pluginReports.flatMap(({ violations }) =>
      violations.map(({ ruleName, description, violatingConstructs }) => ({
        judge: 'aws-cdk-lib',
        example,
        rule: ruleName,
        resource: violatingConstructs.map(({ constructPath }) => constructPath).join(' '),
        message: description,
      })),
    );
  });
  expectExplained('aws-cdk-lib', findings);
});

const lint = process.env.CFN_LINT;
(lint === undefined ? test.skip : test)(
  'cfn-lint finds neither errors nor warnings',
  () => {
    const run = (
      file: string,
    ): { Rule: { Id: string; ShortDescription: string }; Message: string; Location: { Path: { PathObject?: string[] } } }[] => {
      const { stdout, stderr } = spawnSync(lint ?? '', ['--format', 'json', '--', file], { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (stdout.trim() === '' && stderr.trim() !== '') throw new Error(stderr);
      return stdout.trim() === '' ? [] : JSON.parse(stdout);
    };
    // It must see what is wrong: a property that no bucket has.
    const broken = work('broken.template.json');
    require('node:fs').writeFileSync(
      broken,
      JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { Nonsense: true } } } }),
    );
    expect(run(broken).map(({ Rule }) => Rule.Id)).toContain('E3002');
    expectExplained(
      'cfn-lint',
      EXAMPLES.flatMap((example) =>
        templates(example).flatMap((file) =>
          run(file).map(
            ({ Rule, Message, Location }): Finding => ({
              judge: 'cfn-lint',
              example,
              rule: Rule.Id,
              resource: (Location.Path.PathObject ?? []).slice(0, 4).join('/'),
              message: Message,
            }),
          ),
        ),
      ),
    );
  },
  300_000,
);

const nag = process.env.CDK_NAG;
(nag === undefined ? test.skip : test)(
  "cdk-nag's five packs find nothing that has no reason",
  () => {
    const findings = EXAMPLES.flatMap((example): Finding[] => {
      const output = work(`nag-${example}.json`);
      const env = { ...process.env, NODE_PATH: [nag, join(ROOT, 'node_modules')].join(delimiter), CDK_VALIDATION: 'false' };
      const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'test/judges/nag.ts', example, output], {
        cwd: ROOT,
        env,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
      return JSON.parse(readFileSync(output, 'utf8')) as Finding[];
    });
    // Without a single finding the packs would not have looked: network ACLs alone make one.
    expect(findings.length).toBeGreaterThan(0);
    expectExplained('cdk-nag', findings);
  },
  300_000,
);

(process.env.CHECKOV === undefined ? test.skip : test)(
  'checkov finds nothing in templates and manifests that has no reason',
  () => {
    const insecure = checkov('kubernetes', join(ROOT, 'test', 'fixtures', 'insecure'));
    expect(insecure.map(({ rule }) => rule)).toContain('CKV_K8S_16');
    expectExplained(
      'checkov',
      EXAMPLES.flatMap((example) => [
        ...checkov('cloudformation', work(example, 'cdk.out')).map((finding): Finding => ({ judge: 'checkov', example, ...finding })),
        ...checkov('kubernetes', work(example, 'dist')).map((finding): Finding => ({ judge: 'checkov', example, ...finding })),
      ]),
    );
  },
  600_000,
);
