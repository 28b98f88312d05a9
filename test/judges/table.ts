import { existsSync, readFileSync } from 'node:fs';
import { EXAMPLES, kept, reasonOf } from './findings';
import { REASONS } from './reasons';

/** Prints what each judge found on each example, and the reason beside every finding that is left. */
const JUDGES = ['kube-apiserver', 'aws-cdk-lib', 'cfn-lint', 'checkov', 'cdk-nag', 'kube-score', 'kube-linter'];
const file = process.env.JUDGES_MISSING;
const missing = new Map(
  (file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t') as [string, string]),
);

console.log(`\n${'judge'.padEnd(16)}${EXAMPLES.map((example) => example.padStart(22)).join('')}`);
for (const judge of JUDGES) {
  const findings = kept(judge);
  const cells = EXAMPLES.map((example) => {
    if (findings === undefined) return (missing.has(judge) ? 'MISSING' : 'did not run').padStart(22);
    const own = findings.filter((finding) => finding.example === example);
    const explained = own.filter((finding) => reasonOf(finding) !== undefined).length;
    return (own.length === 0 ? '0' : `${own.length} (${explained} explained)`).padStart(22);
  });
  console.log(`${judge.padEnd(16)}${cells.join('')}`);
}
for (const [judge, why] of missing) console.log(`MISSING ${judge}: ${why}`);
console.log('\nReasons');
const idle: string[] = [];
for (const reason of REASONS) {
  const findings = kept(reason.judge);
  const count = (findings ?? []).filter((finding) => reasonOf(finding) === reason).length;
  const name = `${reason.judge} ${String(reason.rule)}${reason.resource === undefined ? '' : ` on ${reason.resource}`}`;
  if (count > 0) console.log(`  ${name} (${count}): ${reason.reason}`);
  else if (findings !== undefined) idle.push(name);
}
for (const name of idle) console.log(`no finding needs the reason for ${name} any more; delete it`);
process.exitCode = idle.length > 0 ? 1 : 0;
