import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../laws/sources';
import { EXAMPLES, expectExplained, type Finding, work } from './findings';

const manifests = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name));

const score = process.env.KUBE_SCORE;
(score === undefined ? test.skip : test)(
  'kube-score finds nothing that has no reason',
  () => {
    interface Scored {
      readonly object_name: string;
      readonly checks: readonly {
        readonly check: { readonly id: string; readonly name: string };
        readonly grade: number;
        readonly skipped: boolean;
        readonly comments: readonly { readonly summary: string }[] | null;
      }[];
    }
    const run = (files: string[]): { rule: string; resource: string; message: string }[] => {
      const { stdout, stderr } = spawnSync(score ?? '', ['score', '--output-format', 'json', ...files], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (stdout.trim() === '') throw new Error(stderr);
      return (JSON.parse(stdout) as Scored[]).flatMap(({ object_name: resource, checks }) =>
        checks
          .filter(({ grade, skipped }) => !skipped && grade < 7)
          .map(({ check, comments }) => ({ rule: check.id, resource, message: (comments ?? []).map(({ summary }) => summary).join('; ') })),
      );
    };
    expect(run([join(ROOT, 'test', 'fixtures', 'insecure', 'deployment.yaml')]).map(({ rule }) => rule)).toContain(
      'container-security-context-privileged',
    );
    expectExplained(
      'kube-score',
      EXAMPLES.flatMap((example) =>
        run(manifests(work(example, 'dist'))).map((finding): Finding => ({ judge: 'kube-score', example, ...finding })),
      ),
    );
  },
  300_000,
);

const linter = process.env.KUBE_LINTER;
(linter === undefined ? test.skip : test)(
  'kube-linter finds nothing that has no reason',
  () => {
    interface Linted {
      readonly Reports:
        | readonly {
            readonly Check: string;
            readonly Diagnostic: { readonly Message: string };
            readonly Object: {
              readonly K8sObject: {
                readonly Namespace: string;
                readonly Name: string;
                readonly GroupVersionKind: { readonly Kind: string };
              };
            };
          }[]
        | null;
    }
    const run = (target: string): { rule: string; resource: string; message: string }[] => {
      const { stdout, stderr } = spawnSync(linter ?? '', ['lint', '--format', 'json', target], { encoding: 'utf8', maxBuffer: 1 << 28 });
      if (stdout.trim() === '') throw new Error(stderr);
      return ((JSON.parse(stdout) as Linted).Reports ?? []).map(({ Check: rule, Diagnostic, Object: { K8sObject: of } }) => ({
        rule,
        resource: `${of.GroupVersionKind.Kind} ${of.Namespace}/${of.Name}`,
        message: Diagnostic.Message,
      }));
    };
    expect(run(join(ROOT, 'test', 'fixtures', 'insecure')).length).toBeGreaterThan(0);
    expectExplained(
      'kube-linter',
      EXAMPLES.flatMap((example) => run(work(example, 'dist')).map((finding): Finding => ({ judge: 'kube-linter', example, ...finding }))),
    );
  },
  300_000,
);
