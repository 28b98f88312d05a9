import { EXAMPLES, kept, missing, reasonOf } from './findings';
import { JUDGES } from './judges';
import { REASONS } from './reasons';

/** Prints what each judge found on each example, and the reason beside every finding that is left. */
const NAMES = ['kube-apiserver', 'aws-cdk-lib', 'cdk-nag', ...JUDGES.map(({ name }) => name)];
const absent = missing();

console.log(`\n${'judge'.padEnd(16)}${EXAMPLES.map((example) => example.padStart(22)).join('')}`);
for (const judge of NAMES) {
  const findings = kept(judge);
  const cells = EXAMPLES.map((example) => {
    if (findings === undefined) return (absent.has(judge) ? 'MISSING' : 'did not run').padStart(22);
    const own = findings.filter((finding) => finding.example === example);
    const explained = own.filter((finding) => reasonOf(finding) !== undefined).length;
    return (own.length === 0 ? '0' : `${own.length} (${explained} explained)`).padStart(22);
  });
  console.log(`${judge.padEnd(16)}${cells.join('')}`);
}
for (const [judge, why] of absent) console.log(`MISSING ${judge}: ${why}`);
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
