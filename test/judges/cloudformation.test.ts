import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ROOT } from '../laws/sources';
import { EXAMPLES, expectExplained, type Finding, wanted, work } from './findings';

(wanted('aws-cdk-lib') ? test : test.skip)('aws-cdk-lib finds nothing with its own validation', () => {
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

const nag = process.env.CDK_NAG;
(nag !== undefined && wanted('cdk-nag') ? test : test.skip)(
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
