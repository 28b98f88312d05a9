import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { manifests, pod } from '../pod-examples';
import { child, workload } from '../pod-template';
import { Severity } from '../severity';

const NAME = 'app.kubernetes.io/name';
/** Labels or annotations that say whose something is; the last part of the key decides, whatever stands before the slash. */
const WHOSE = /(^|\/)(owner|team|part-of|contact|email)$/;

function saysWhose(texts: JsonObject): boolean {
  for (const key in texts) if (WHOSE.test(key)) return true;
  return false;
}

const labelled = (labels: JsonObject, annotations: JsonObject = {}) => pod({}, { labels, annotations });

export const recommendedLabels = control({
  ...workload,
  id: 'K-NSP-05',
  title: 'workloads say what they are and whose they are',
  because: 'whoever is called at night has to find the team, and tools group and bill by these labels',
  severity: Severity.LOW,
  category: 'governance',
  boundary: 'namespace',
  threats: ['permission-mistake'],
  judge: ({ object }) => {
    const metadata = child(object.object, 'metadata');
    const labels = child(metadata, 'labels');
    if (typeof labels[NAME] !== 'string')
      return fail(`the ${object.kind} ${object.name} has no label ${NAME}, it must have one`, 'metadata.labels');
    return saysWhose(labels) || saysWhose(child(metadata, 'annotations'))
      ? pass
      : fail(
          `the ${object.kind} ${object.name} does not say whose it is, it must have the label app.kubernetes.io/part-of or an owner`,
          'metadata.labels',
        );
  },
  remedy: 'add the labels app.kubernetes.io/name and app.kubernetes.io/part-of, or a label or annotation that ends in owner or team',
  references: {
    scanners: {
      'kube-linter': ['required-label-owner', 'required-annotation-email'],
      'kube-score': ['label-values'],
      kubescape: ['C-0076', 'C-0077'],
      polaris: ['metadataAndInstanceMismatched'],
    },
  },
  cel: `has(object.metadata.labels) && '${NAME}' in object.metadata.labels && (object.metadata.labels.exists(k, k.matches('(^|/)(owner|team|part-of|contact|email)$')) || (has(object.metadata.annotations) && object.metadata.annotations.exists(k, k.matches('(^|/)(owner|team|part-of|contact|email)$'))))`,
  examples: {
    holds: manifests(
      labelled({ [NAME]: 'app', 'app.kubernetes.io/part-of': 'shop' }),
      labelled({ [NAME]: 'app', 'example.com/team': 'shop' }),
      labelled({ [NAME]: 'app' }, { owner: 'shop@example.com' }),
    ),
    breaks: manifests(
      pod(),
      labelled({ app: 'app', owner: 'shop' }),
      labelled({ [NAME]: 'app' }),
      labelled({ [NAME]: 'app', 'co-owner': 'x' }),
    ),
  },
});
