import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { containerCel, everyContainer, workload } from '../pod-template';
import { Severity } from '../severity';
import { credentialCel, isCredential } from './credentials';

const nameOf = ({ name }: JsonObject): string => (typeof name === 'string' ? name : '');
const env = (name: string, value: string) => podOf({ env: [{ name, value }] });

/** Messages name the variable and never its value. */
export const literalCredentials = control({
  ...workload,
  id: 'K-SEC-02',
  title: 'no credential stands in the environment of a container',
  because: 'whoever reads the manifest, its repository or the pod has the credential, and nobody can change it without a rollout',
  severity: Severity.HIGH,
  category: 'secrets',
  threats: ['credential-leak'],
  judge: (pod) =>
    everyContainer(pod, 'env', ({ env }) => {
      if (!Array.isArray(env)) return undefined;
      for (const entry of env) {
        if (isJsonObject(entry) && isCredential(nameOf(entry), entry.value))
          return `has a credential as the literal value of ${nameOf(entry)}, it must be mounted from a secret`;
      }
      return undefined;
    }),
  remedy: 'put the credential into a secret store, change it, and mount it as a file',
  references: {
    nsa: ['secrets'],
    scanners: { 'kube-linter': ['env-var-secret'], kubescape: ['C-0012'], polaris: ['sensitiveContainerEnvVar'] },
  },
  cel: containerCel(`!has(c.env) || c.env.all(e, !has(e.value) || !${credentialCel("(has(e.name) ? e.name : '')", 'e.value')})`),
  examples: {
    holds: manifests(
      pod(),
      env('TOKEN_URL', 'https://sts.example.com/token'),
      env('DB_PASSWORD_FILE', '/run/secrets/db'),
      env('DB_PASSWORD', '/run/secrets/db'),
      env('DB_PASSWORD', '$(FROM_ELSEWHERE)'),
      env('API_TOKEN', ''),
      env('REQUIRE_TOKEN', 'true'),
      env('SECRET_NAME', 'db'),
      env('CLIENT_SECRET', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:db'),
      env('DATABASE_URL', 'postgres://db.shop.svc:5432/shop'),
    ),
    breaks: manifests(
      env('DB_PASSWORD', 'correct horse'),
      env('dbPassword', 'hunter22'),
      env('API_KEY_2', 'Zx81-spectrum'),
      env('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY'),
      env('DATABASE_URL', 'postgres://shop:hunter22@db.shop.svc:5432/shop'),
      env('KEY', 'AKIAIOSFODNN7EXAMPLE'),
      cronJob(env('JWT_SECRET', 'letmein!')),
      withInit(pod(), { env: [{ name: 'ADMIN_PASSWD', value: 'letmein!' }] }),
    ),
  },
});
