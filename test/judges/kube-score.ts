import { eachFile, type Judge, output } from './judge';

interface Scored {
  readonly object_name: string;
  readonly checks: readonly {
    readonly check: { readonly id: string; readonly name: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly summary: string }[] | null;
  }[];
}

export const kubeScore: Judge = {
  name: 'kube-score',
  variable: 'KUBE_SCORE',
  reads: { manifests: 'container-security-context-privileged' },
  run: (program, tree, folder) =>
    eachFile(
      folder,
      tree,
      (file) =>
        // Nothing it scores is null; a grade of seven and more is a hint, not a finding.
        ((JSON.parse(output(program, ['score', '--output-format', 'json', file])) as Scored[] | null) ?? []).flatMap(
          ({ object_name: resource, checks }) =>
            checks
              .filter(({ grade, skipped }) => !skipped && grade < 7)
              .map(({ check, comments }) => ({
                rule: check.id,
                resource,
                message: (comments ?? []).map(({ summary }) => summary).join('; '),
              })),
        ),
      /Failed to parse .*/,
    ),
};
