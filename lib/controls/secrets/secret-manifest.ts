import type { JsonObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';

/** Every Secret. */
export const secrets = groupObjects('', 'Secret');

/** What controls over Secrets have in common. */
export const ofSecrets = {
  category: 'secrets',
  boundary: 'namespace',
  carrier: 'app-team',
  threats: ['credential-leak'],
  subjects: secrets,
} as const;

/** For examples. */
export const secret = (fields: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'shop' },
  ...fields,
});

/** True for text that somebody fills in on the way to the cluster. */
const isOpen = (value: unknown): boolean => typeof value === 'string' && value.includes('${');

export const secretManifest = control({
  ...ofSecrets,
  id: 'K-SEC-04',
  title: 'no Secret with its data stands in a manifest',
  because: 'the data is base64, which is no encryption: whoever reads the repository or what was rendered has it',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  judge: ({ object, name }) => {
    let open = false;
    for (const field of ['data', 'stringData']) {
      const data = child(object, field);
      for (const key in data) {
        if (data[key] === '' || data[key] === null) continue;
        if (!isOpen(data[key]))
          return fail(`the Secret ${name} carries the value of ${key}, it must come from a secret store`, `${field}["${key}"]`);
        open = true;
      }
    }
    return open
      ? undecided(
          `the Secret ${name} holds values that are filled in later; whether they come from a secret store is not known`,
          'metadata.name',
        )
      : pass;
  },
  remedy: 'keep the value in AWS Secrets Manager and let External Secrets or the CSI driver bring it, or seal it',
  references: { cisEks: ['4.4.2'], cisKubernetes: ['5.4.2'], nsa: ['secrets'], scanners: { kubescape: ['C-0208', 'C-0234'] } },
  examples: {
    holds: manifests(
      secret({ type: 'kubernetes.io/service-account-token' }),
      secret({ data: {} }),
      secret({ stringData: { password: '' } }),
    ),
    breaks: manifests(
      secret({ data: { password: 'aHVudGVyMjI=' } }),
      secret({ stringData: { password: 'hunter22' } }),
      secret({ data: null, stringData: { user: '${DB_USER}', password: 'hunter22' } }),
    ),
    undecided: manifests(secret({ stringData: { password: '${handoff:output/Db/Password}' } })),
  },
});
