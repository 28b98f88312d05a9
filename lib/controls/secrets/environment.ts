import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { celHas, containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';

const secret: JsonObject = { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } };

/** Name of the first variable that comes from a Secret. */
function fromSecret({ env, envFrom }: JsonObject): string | undefined {
  if (Array.isArray(env)) {
    for (const entry of env) {
      if (isJsonObject(entry) && isJsonObject(entry.valueFrom) && isJsonObject(entry.valueFrom.secretKeyRef))
        return `the variable ${entry.name}`;
    }
  }
  if (Array.isArray(envFrom))
    for (const source of envFrom) if (isJsonObject(source) && isJsonObject(source.secretRef)) return 'all its variables';
  return undefined;
}

export const secretsInEnvironment = control({
  ...workload,
  id: 'K-SEC-01',
  title: 'secrets reach containers as files',
  because: 'environment variables stand in crash reports, in debug pages and in every child process',
  severity: Severity.LOW,
  category: 'secrets',
  threats: ['credential-leak'],
  judge: (pod) =>
    everyContainer(pod, 'env', (body) => {
      const what = fromSecret(body);
      return what === undefined ? undefined : `takes ${what} from a secret, it must read a mounted file`;
    }),
  remedy: 'mount the secret as a volume and read the file when it is needed',
  references: {
    cisEks: ['4.4.1'],
    cisKubernetes: ['5.4.1'],
    nsa: ['secrets'],
    scanners: {
      checkov: ['CKV_K8S_35'],
      'kube-linter': ['read-secret-from-env-var', 'env-value-from'],
      kubescape: ['C-0207', 'C-0259'],
      kubesec: ['SecretsAsEnvironmentVariables'],
    },
  },
  cel: containerCel(
    `(!has(c.env) || c.env.all(e, !${celHas('e', 'valueFrom.secretKeyRef')})) && (!has(c.envFrom) || c.envFrom.all(f, !has(f.secretRef)))`,
  ),
  examples: {
    holds: manifests(
      pod(),
      podOf({
        env: [
          { name: 'MODE', value: 'fast' },
          { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
        ],
      }),
      podOf({ envFrom: [{ configMapRef: { name: 'settings' } }] }),
      podOf({ volumeMounts: [{ name: 'db', mountPath: '/run/db' }] }, { volumes: [{ name: 'db', secret: { secretName: 'db' } }] }),
    ),
    breaks: manifests(
      podOf({ env: [secret] }),
      podOf({ envFrom: [{ secretRef: { name: 'db' } }] }),
      cronJob(podOf({ env: [{ name: 'MODE', value: 'fast' }, secret] })),
      withInit(pod(), { env: [secret] }),
    ),
  },
});
