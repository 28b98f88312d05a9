import type { JsonObject } from '../../inventory/value';
import { control, fail, objects, pass } from '../control';
import { manifests } from '../pod-examples';
import { child, shown } from '../pod-template';
import { Severity } from '../severity';

const PREFIX = 'pod-security.kubernetes.io';
const MODES = ['enforce', 'audit', 'warn'];
/** Namespaces that EKS and Kubernetes own: nobody deploys their labels from a chart. */
const SYSTEM = ['kube-system', 'kube-public', 'kube-node-lease'];

const namespace = (labels: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
const all = (level: string, version = 'v1.34'): JsonObject =>
  Object.fromEntries(
    MODES.flatMap((mode) => [
      [`${PREFIX}/${mode}`, level],
      [`${PREFIX}/${mode}-version`, version],
    ]),
  );

export const podSecurityLabels = control({
  id: 'K-NSP-03',
  title: 'namespaces enforce the restricted Pod Security Standard at a pinned version',
  because: 'without the label the API server admits privileged pods, whatever the manifests of today say',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'governance',
  boundary: 'namespace',
  carrier: 'platform-team',
  threats: ['workload-attack', 'permission-mistake'],
  subjects: objects('Namespace'),
  judge: ({ name, object }) => {
    if (SYSTEM.includes(name)) return pass;
    const labels = child(child(object, 'metadata'), 'labels');
    for (const mode of MODES) {
      const level = labels[`${PREFIX}/${mode}`];
      if (level !== 'restricted')
        return fail(`the label ${PREFIX}/${mode} is ${shown(level)}, it must be restricted`, `metadata.labels["${PREFIX}/${mode}"]`);
      const version = labels[`${PREFIX}/${mode}-version`];
      if (typeof version !== 'string' || !/^v1\.\d+$/.test(version)) {
        return fail(
          `the label ${PREFIX}/${mode}-version is ${shown(version)}, it must name a version such as v1.35`,
          `metadata.labels["${PREFIX}/${mode}-version"]`,
        );
      }
    }
    return pass;
  },
  remedy: `label the namespace with ${MODES.map((mode) => `${PREFIX}/${mode}: restricted`).join(', ')}, each with -version`,
  references: {
    cisEks: ['4.2.1', '4.2.2', '4.2.3', '4.2.4', '4.2.5'],
    cisKubernetes: ['5.2.1'],
    nsa: ['pod-security'],
    scanners: { kubescape: ['C-0192'] },
  },
  cel: `object.metadata.name in ['kube-system', 'kube-public', 'kube-node-lease'] || (has(object.metadata.labels) && ${MODES.map(
    (mode) =>
      `'${PREFIX}/${mode}' in object.metadata.labels && object.metadata.labels['${PREFIX}/${mode}'] == 'restricted' && '${PREFIX}/${mode}-version' in object.metadata.labels && object.metadata.labels['${PREFIX}/${mode}-version'].matches('^v1[.][0-9]+$')`,
  ).join(' && ')})`,
  examples: {
    holds: manifests(namespace(all('restricted'))),
    breaks: manifests(
      namespace({}),
      namespace(all('baseline')),
      namespace(all('restricted', 'latest')),
      namespace({ [`${PREFIX}/enforce`]: 'restricted', [`${PREFIX}/enforce-version`]: 'v1.34' }),
    ),
  },
});
