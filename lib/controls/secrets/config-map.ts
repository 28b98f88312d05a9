import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { credentialCel, isCredential } from './credentials';

const map = (data: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data,
});
const KEY = `-----BEGIN RSA ${'PRIVATE'} KEY-----\nMIIEow\n`;

export const credentialsInConfigMap = control({
  id: 'K-SEC-03',
  title: 'no credential stands in a ConfigMap',
  because: 'far more roles and tools read and show ConfigMaps than secrets',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'secrets',
  boundary: 'namespace',
  carrier: 'app-team',
  threats: ['credential-leak'],
  subjects: groupObjects('', 'ConfigMap'),
  judge: ({ object }) => {
    const data = child(object, 'data');
    for (const key in data) {
      if (isCredential(key, data[key])) return fail(`the key ${key} holds a credential, it must be in a secret store`, `data["${key}"]`);
    }
    return pass;
  },
  remedy: 'put the credential into a secret store, change it, and mount it as a file',
  references: {
    nsa: ['secrets'],
    scanners: { kubescape: ['C-0012'], polaris: ['sensitiveConfigmapContent'], trivy: ['KSV-0109', 'KSV-01010'] },
  },
  cel: `!has(object.data) || dyn(object.data) == null || object.data.all(k, !${credentialCel('k', 'object.data[k]')})`,
  examples: {
    holds: manifests(
      map({ mode: 'fast', 'app.properties': 'url=https://db.shop.svc\nuser=shop\n' }),
      map({ 'ca.crt': '-----BEGIN CERTIFICATE-----\nMIIB\n', 'token.url': 'https://sts.example.com/token' }),
      map({}),
    ),
    breaks: manifests(
      map({ password: 'hunter22' }),
      map({ mode: 'fast', 'tls.key': KEY }),
      map({ 'app.properties': 'url=jdbc:postgresql://shop:hunter22@db.shop.svc/shop\n' }),
      map({ 'api-key': 'Zx81-spectrum' }),
    ),
  },
});
