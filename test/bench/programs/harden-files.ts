import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** harden-files.js FOLDER ours|peer NUMBER: writes that many files of manifests, reads them again, and writes them hardened, or as they are. */
const [outdir, side, number] = process.argv.slice(2);
const input = `${outdir}-input`;
mkdirSync(input, { recursive: true });
for (let index = 0; index < Number(number); index++) writeFileSync(join(input, `web-${index}.k8s.yaml`), text(`web-${index}`));

function text(name: string): string {
  return `# ${name}, one of many
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
  namespace: shop
data:
  LOG_LEVEL: info
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: shop
spec:
  replicas: 2   # one a zone
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: main
          image: registry.example.com/web:1.4.2
          ports:
            - containerPort: 8080
          envFrom:
            - configMapRef:
                name: ${name}
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: shop
spec:
  selector:
    app: ${name}
  ports:
    - port: 8080
`;
}

const root = dirname(require.resolve('cdk-bulwark/package.json'));
if (side === 'ours') {
  const { run } = require(join(root, 'lib/hosts/cli/run.js')) as typeof import('../../../lib/hosts/cli/run');
  const quiet = { out: () => {}, err: () => {}, stdin: async () => '', color: false, env: {} };
  void run(['harden', input, '--level', 'strict', '--output', outdir], quiet).then((status) => {
    process.exitCode = status;
  });
} else {
  const yaml = createRequire(join(root, 'package.json'))('yaml') as typeof import('yaml');
  mkdirSync(outdir, { recursive: true });
  for (const name of readdirSync(input)) {
    const documents = yaml.parseAllDocuments(readFileSync(join(input, name), 'utf8')) as { toString(): string }[];
    writeFileSync(join(outdir, name), documents.map(String).join(''));
  }
}
