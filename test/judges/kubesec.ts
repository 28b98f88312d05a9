import { eachFile, type Judge, output } from './judge';

interface Rule {
  readonly id: string;
  readonly reason: string;
}
interface Report {
  readonly object: string;
  readonly valid: boolean;
  readonly message: string;
  readonly scoring: { readonly critical?: readonly Rule[]; readonly advise?: readonly Rule[] };
}

/** What it advises counts like what it calls critical. Its schemas are files beside the program; it asks no network for them. */
export const kubesec: Judge = {
  name: 'kubesec',
  variable: 'KUBESEC',
  reads: { manifests: 'Privileged' },
  run: (program, tree, folder) =>
    eachFile(folder, tree, (file) => {
      const schemas = `${process.env.KUBERNETES_SCHEMAS}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
      const reports = JSON.parse(output(program, ['scan', '--format', 'json', '--schema-location', schemas, file])) as Report[];
      return reports.flatMap(({ object: resource, valid, message, scoring }) => [
        ...(valid ? [] : [{ rule: 'Invalid', resource, message }]),
        ...[...(scoring.critical ?? []), ...(scoring.advise ?? [])].map(({ id: rule, reason }) => ({ rule, resource, message: reason })),
      ]);
    }),
};
