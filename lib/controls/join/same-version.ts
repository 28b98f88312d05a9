import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control, type Example, fail, pass, type Subjects, undecided } from '../control';
import { minorOf } from '../eks/support-table';
import { pod } from '../pod-examples';
import { Severity } from '../severity';
import { cluster, setting } from '../template-examples';
import { isUnknown, shownValue } from '../template-values';

/** Clusters that manifests are read beside: of one tree alone there is nothing to agree with. */
const clusters: Subjects<CloudFormationResource> = {
  description: 'AWS::EKS::Cluster, where manifests are read too',
  *select(inventory) {
    if (inventory.kubernetes.length === 0) return;
    for (const resource of inventory.ofType('AWS::EKS::Cluster')) yield { resource, value: resource };
  },
};

const AT = 'Properties.Version';
const versionOf = ({ properties }: CloudFormationResource): string =>
  typeof properties.Version === 'number' ? properties.Version.toFixed(2) : String(properties.Version);

/** Versions of Pod Security that namespaces are pinned to: those their manifests were made for, or older. */
function pins(inventory: Inventory): readonly string[] {
  return inventory.ofKind('Namespace').flatMap(({ object }) => {
    const labels = isJsonObject(object.metadata) ? object.metadata.labels : undefined;
    return Object.entries(isJsonObject(labels) ? labels : {})
      .filter(([key]) => /^pod-security\.kubernetes\.io\/(enforce|audit|warn)-version$/.test(key))
      .map(([, version]) => String(version).replace(/^v/, ''));
  });
}

const beside = (...versions: (string | object | undefined)[]): Example => ({
  template: {
    Parameters: { Setting: { Type: 'String' } },
    Resources: Object.fromEntries(
      versions.map((version, index) => [`Cluster${index}`, cluster(version === undefined ? {} : { Version: version as string })]),
    ),
  },
  manifests: [pod()],
});

const pinned = (version: string): Example => {
  const metadata: JsonObject = { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce-version': version } };
  return { ...beside('1.33'), manifests: [{ apiVersion: 'v1', kind: 'Namespace', metadata }] };
};

/** The version manifests are judged for is the one that was said, or the one that all clusters have. */
export const sameVersion = control({
  id: 'A-JON-04',
  title: 'manifests are made for the version of their cluster',
  because: 'fields that the cluster does not know are dropped without a word, protections among them',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: clusters,
  judge: (subject, { inventory, kubernetes }) => {
    const { Version: version } = subject.properties;
    if (version === undefined || isUnknown(version))
      return undecided(`the version of the cluster is decided at deployment (${shownValue(version)})`, AT);
    const newer = pins(inventory).find((pin) => (minorOf(pin) ?? 0) > (minorOf(versionOf(subject)) ?? Number.POSITIVE_INFINITY));
    if (newer !== undefined) return fail(`the cluster runs ${versionOf(subject)}, and a namespace is pinned to ${newer}`, AT);
    if (versionOf(subject) === kubernetes) return pass;
    const message = `the cluster runs ${versionOf(subject)}, and manifests are judged for ${kubernetes}`;
    // Of several clusters only one may be theirs, and nothing in a manifest says which.
    return inventory.ofType('AWS::EKS::Cluster').some((other) => other !== subject && versionOf(other) === kubernetes)
      ? undecided(`${message}, which another cluster runs`, AT)
      : fail(message, AT);
  },
  remedy: 'give k8s.App or --kubernetes the version of the cluster',
  references: {},
  examples: {
    holds: [beside('1.33'), pinned('v1.31'), pinned('latest')],
    breaks: [pinned('v1.34'), beside('1.31')],
    undecided: [beside(setting), beside(undefined), beside('1.33', '1.34')],
  },
});
