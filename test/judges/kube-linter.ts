import { eachFile, type Judge, output } from './judge';

interface Linted {
  readonly Reports:
    | readonly {
        readonly Check: string;
        readonly Diagnostic: { readonly Message: string };
        readonly Object: {
          readonly K8sObject: { readonly Namespace: string; readonly Name: string; readonly GroupVersionKind: { readonly Kind: string } };
        };
      }[]
    | null;
}

export const kubeLinter: Judge = {
  name: 'kube-linter',
  variable: 'KUBE_LINTER',
  reads: { manifests: 'privileged-container' },
  run: (program, tree, folder) =>
    eachFile(folder, tree, (file) =>
      ((JSON.parse(output(program, ['lint', '--format', 'json', file])) as Linted).Reports ?? []).map(
        ({ Check: rule, Diagnostic, Object: { K8sObject: of } }) => ({
          rule,
          resource: `${of.GroupVersionKind.Kind} ${of.Namespace}/${of.Name}`,
          message: Diagnostic.Message,
        }),
      ),
    ),
};
