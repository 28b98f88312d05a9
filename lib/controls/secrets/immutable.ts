import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { Severity } from '../severity';
import { ofSecrets, secret } from './secret-manifest';

export const immutableSecret = control({
  ...ofSecrets,
  id: 'K-SEC-07',
  title: 'secrets are immutable',
  because: 'a secret that changes under running pods is picked up by some of them, and the kubelet watches each one for it',
  severity: Severity.LOW,
  maturity: 'incubating',
  judge: ({ object, name }) =>
    object.immutable === true ? pass : fail(`the Secret ${name} can be changed in place, it must be immutable`, 'immutable'),
  remedy: 'set immutable to true, and make a secret of another name when the value changes',
  references: { urls: ['https://kubernetes.io/docs/concepts/configuration/secret/#secret-immutable'] },
  cel: 'has(object.immutable) && object.immutable == true',
  examples: {
    holds: manifests(secret({ immutable: true, data: { a: 'Yg==' } })),
    breaks: manifests(secret({}), secret({ immutable: false }), secret({ immutable: null })),
  },
});
