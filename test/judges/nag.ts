import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs the five packs of cdk-nag over one example, in a process whose module path has cdk-nag: `nag.ts EXAMPLE OUTPUT`. */
interface Report {
  readonly violations: readonly {
    readonly ruleName: string;
    readonly description: string;
    readonly violatingResources: readonly { readonly constructPath: string }[];
  }[];
}
type Pack = new () => { validateScope(scope: unknown): Report };

const [example, output] = process.argv.slice(2);
const packs = require('cdk-nag') as { readonly [name: string]: Pack };
const { build } = require(join(__dirname, '..', '..', 'examples', example, 'app.ts')) as {
  build(options: object): { cdk: { synth(): unknown } };
};
const { cdk } = build({ outdir: `${output}.out`, dist: `${output}.dist` });
cdk.synth();
const findings = ['AwsSolutionsChecks', 'HIPAASecurityChecks', 'NIST80053R4Checks', 'NIST80053R5Checks', 'PCIDSS321Checks'].flatMap(
  (name) =>
    new packs[name]()
      .validateScope(cdk)
      .violations.flatMap(({ ruleName: rule, description: message, violatingResources }) =>
        violatingResources.map(({ constructPath: resource }) => ({ judge: 'cdk-nag', example, rule, resource, message })),
      ),
);
writeFileSync(output, JSON.stringify(findings));
