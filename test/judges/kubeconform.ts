import { basename } from 'node:path';
import { filesOf, type Judge, output } from './judge';

interface Report {
  readonly resources: readonly {
    readonly filename: string;
    readonly kind: string;
    readonly name: string;
    readonly status: string;
    readonly msg: string;
  }[];
}

/** The schemas of Kubernetes, with fields that it does not know refused, as JSON files beside the program. */
export const kubeconform: Judge = {
  name: 'kubeconform',
  variable: 'KUBECONFORM',
  reads: { manifests: 'statusInvalid' },
  proof: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app' },
    spec: { containers: [{ name: 'app', image: 'app', securityContexts: {} }] },
  },
  run(program, tree, folder) {
    if (filesOf(folder, tree).length === 0) return [];
    const schemas = `${process.env.KUBERNETES_SCHEMAS}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
    const args = ['-strict', '-output', 'json', '-schema-location', schemas, ...filesOf(folder, tree)];
    return (JSON.parse(output(program, args, folder)) as Report).resources.map(({ filename, kind, name, status: rule, msg: message }) => ({
      file: basename(filename),
      rule,
      resource: `${kind} ${name}`,
      message,
    }));
  },
};
