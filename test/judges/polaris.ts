import { eachFile, type Judge, output } from './judge';

interface Results {
  readonly [id: string]: { readonly ID: string; readonly Message: string; readonly Success: boolean; readonly Severity: string };
}
interface Report {
  readonly Results: readonly {
    readonly Name: string;
    readonly Namespace: string;
    readonly Kind: string;
    readonly Results: Results;
    readonly PodResult: {
      readonly Results: Results;
      readonly ContainerResults: readonly { readonly Name: string; readonly Results: Results }[];
    } | null;
  }[];
}

/** Dangers and warnings; no exemption of its own is honoured. */
export const polaris: Judge = {
  name: 'polaris',
  variable: 'POLARIS',
  reads: { manifests: 'runAsPrivileged' },
  run: (program, tree, folder) =>
    eachFile(folder, tree, (file) => {
      const args = ['audit', '--audit-path', file, '--format', 'json', '--disallow-exemptions', '--log-level', 'error'];
      return (JSON.parse(output(program, args)) as Report).Results.flatMap(({ Kind, Namespace, Name, Results: own, PodResult: pod }) =>
        [own, pod?.Results ?? {}, ...(pod?.ContainerResults ?? []).map(({ Results: of }) => of)]
          .flatMap((results) => Object.values(results))
          .filter(({ Success, Severity }) => !Success && Severity !== 'ignore')
          .map(({ ID: rule, Message: message }) => ({ rule, resource: `${Kind} ${Namespace}/${Name}`, message })),
      );
    }),
};
