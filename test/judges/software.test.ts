import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../laws/sources';
import { EXAMPLES, expectExplained, type Finding, folderOf, wanted, work } from './findings';
import type { Tree } from './judge';
import { JUDGES } from './judges';

/** Where there is something wrong for a judge to find: what is insecure, or what it alone refuses. */
function wrong(name: string, tree: Tree, proof: object | undefined): string {
  if (proof === undefined) return join(ROOT, 'test', 'fixtures', 'insecure');
  const folder = work('proofs', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, tree === 'templates' ? 'proof.template.json' : 'proof.yaml'), JSON.stringify(proof));
  return folder;
}

for (const { name, variable, reads, proof, run } of JUDGES) {
  const program = process.env[variable];
  (program !== undefined && wanted(name) ? test : test.skip)(
    `${name} finds nothing in what the examples synthesize that has no reason`,
    () => {
      const trees = Object.entries(reads) as [Tree, string][];
      // A judge that sees nothing must not be taken for one that is content.
      for (const [tree, rule] of trees) expect(run(program ?? '', tree, wrong(name, tree, proof)).map((held) => held.rule)).toContain(rule);
      expectExplained(
        name,
        EXAMPLES.flatMap((example) =>
          trees.flatMap(([tree]) =>
            run(program ?? '', tree, folderOf(example, tree)).map((held): Finding => ({ judge: name, example, ...held })),
          ),
        ),
      );
    },
    600_000,
  );
}
