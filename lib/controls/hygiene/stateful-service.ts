import { podTemplateOf } from '../../inventory/pod-templates';
import { selects } from '../../inventory/selectors';
import type { JsonObject } from '../../inventory/value';
import { control, fail, pass, undecided } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { namespaceName, neighbourhood } from '../neighbourhood';
import { child } from '../pod-template';
import { Severity } from '../severity';

const set = (spec: JsonObject = {}): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'shop' },
  spec: {
    serviceName: 'db',
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'registry.example.com/db:1.0.0' }] } },
    ...spec,
  },
});
const service = (spec: JsonObject, name = 'db'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop' },
  spec,
});
const headless = service({ clusterIP: 'None', selector: { app: 'db' } });

export const statefulService = control({
  id: 'K-HYG-02',
  title: 'stateful sets select their pods and have a headless service that does',
  because: 'without it the members have no names to find each other by, and the set looks healthy',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'governance',
  boundary: 'pod',
  carrier: 'app-team',
  threats: ['permission-mistake'],
  subjects: groupObjects('apps', 'StatefulSet'),
  judge: (object, { inventory }) => {
    const spec = child(object.object, 'spec');
    const named = `the StatefulSet ${object.name}`;
    const labels = podTemplateOf(object)?.metadata.labels;
    if (!selects(spec.selector, labels))
      return fail(`the selector of ${named} does not select its own pods, it must fit their labels`, 'spec.selector');
    const { serviceName } = spec;
    if (typeof serviceName !== 'string' || serviceName === '')
      return fail(`${named} names no service, serviceName must name a headless one`, 'spec.serviceName');
    const here = neighbourhood(inventory, object.namespace);
    const found = here.services.get(serviceName);
    if (found === undefined) {
      const where = namespaceName(object.namespace);
      return here.services.size === 0 || here.open
        ? undecided(`the service ${serviceName} of ${named} is not among what was read of ${where}`, 'spec.serviceName')
        : fail(`the service ${serviceName} of ${named} is not in ${where}, it must be there`, 'spec.serviceName');
    }
    const { clusterIP, selector } = child(found.object, 'spec');
    if (clusterIP !== 'None')
      return fail(`the service ${serviceName} of ${named} is not headless, its clusterIP must be None`, 'spec.serviceName');
    return here.selectedByMap(selector).some((pod) => pod.object === object)
      ? pass
      : fail(`the service ${serviceName} of ${named} does not select its pods, its selector must fit their labels`, 'spec.serviceName');
  },
  remedy: 'name in serviceName a Service with clusterIP None whose selector fits the labels of the pods; k8s.StatefulSet makes one',
  references: {
    scanners: { 'kube-score': ['statefulset-has-servicename', 'statefulset-pod-selector-labels-match-template-metadata-labels'] },
  },
  examples: {
    holds: [{ manifests: [set(), headless] }],
    breaks: [
      { name: 'no service named', manifests: [set({ serviceName: null })] },
      { name: 'not there', manifests: [set(), service({ clusterIP: 'None', selector: { app: 'db' } }, 'other')] },
      { name: 'not headless', manifests: [set(), service({ selector: { app: 'db' } })] },
      { name: 'of other pods', manifests: [set(), service({ clusterIP: 'None', selector: { app: 'other' } })] },
      { name: 'the set selects other pods', manifests: [set({ selector: { matchLabels: { app: 'other' } } }), headless] },
    ],
    undecided: [{ name: 'no service was read', manifests: [set()] }],
  },
});
