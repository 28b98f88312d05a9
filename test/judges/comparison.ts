import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../laws/sources';
import { missing, work } from './findings';
import { filesOf, type Judge, type Tree } from './judge';
import { JUDGES } from './judges';
import { ourCluster, ourWorkloads, plainCluster, plainWorkloads } from './subjects';

/** Lets every judge read the same program written with the plain libraries and with ours, and writes docs/comparison.md: `comparison.ts [--check]`. */
const PAGE = join(ROOT, 'docs', 'comparison.md');

/** What a program synthesizes of one tree, in a folder with nothing else. */
function synthesized(name: string, tree: Tree, program: (outdir: string) => void): string {
  const outdir = work('comparison', name, 'out');
  mkdirSync(outdir, { recursive: true });
  program(outdir);
  const folder = work('comparison', name, 'files');
  mkdirSync(folder, { recursive: true });
  for (const file of filesOf(outdir, tree)) writeFileSync(join(folder, file), readFileSync(join(outdir, file)));
  return folder;
}

const subjects: readonly { readonly tree: Tree; readonly title: string; readonly plain: string; readonly ours: string }[] = [
  {
    tree: 'templates',
    title: 'A cluster: `new Cluster(stack, ...)` of aws-eks-v2 against `new aws.Network(...)` and `new aws.Cluster(...)`',
    plain: synthesized('plain-cluster', 'templates', plainCluster),
    ours: synthesized('our-cluster', 'templates', ourCluster),
  },
  {
    tree: 'manifests',
    title: 'Three tiers with services: cdk8s-plus-28 against `k8s.Tenant` and `k8s.Deployment`',
    plain: synthesized('plain-workloads', 'manifests', plainWorkloads),
    ours: synthesized('our-workloads', 'manifests', ourWorkloads),
  },
];

/** How many findings, and of how many rules. */
function counted(judge: Judge, tree: Tree, folder: string): string {
  const held = judge.run(process.env[judge.variable] ?? '', tree, folder);
  return held.length === 0 ? '0' : `${held.length} of ${new Set(held.map(({ rule }) => rule)).size} rules`;
}

const lines = [
  '# Comparison',
  '',
  '<!-- Written by `npm run judges -- comparison`. -->',
  '',
  'What judges that nobody here wrote hold against the same small program, once written with the plain libraries and once with this one, both with their defaults.',
  'Every severity counts; no rule is switched off and no finding is taken out for a reason. Ours makes more resources: a cluster comes with its network, keys and',
  'logs, a namespace with its quota and policies, so there is more that a judge may speak about. The reasons beside what is left of ours are in',
  '[reasons.ts](../test/judges/reasons.ts).',
];
for (const { tree, title, plain, ours } of subjects) {
  lines.push('', `## ${title}`, '', '| judge | plain | cdk-bulwark |', '| --- | --- | --- |');
  for (const judge of JUDGES.filter(({ reads }) => reads[tree] !== undefined)) {
    const why = missing().get(judge.name);
    if (why !== undefined) lines.push(`| ${judge.name} | not run: ${why} | |`);
    else lines.push(`| ${judge.name} | ${counted(judge, tree, plain)} | ${counted(judge, tree, ours)} |`);
  }
}
const page = `${lines.join('\n')}\n`;
if (process.argv.includes('--check')) {
  if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== page) {
    console.error("docs/comparison.md is not what the judges hold; run 'npm run judges -- comparison'");
    process.exitCode = 1;
  }
} else writeFileSync(PAGE, page);
