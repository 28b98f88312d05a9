import { type AnyControl, type Control, control, fail, objects, pass, resources, undecided } from '../../lib/controls/control';
import { Severity } from '../../lib/controls/severity';
import { buildInventory, type Inventory, isOpen, type JsonObject, readManifests, readObjects, readTemplate } from '../../lib/inventory';
import type { Acceptance, CloudFormationResource, KubernetesObject } from '../../lib/inventory/model';

/** A control of which a test says only what it is about. */
export function fake<S>(own: Pick<Control<S>, 'id' | 'subjects' | 'judge'> & Partial<Control<S>>): AnyControl {
  return control<S>({
    title: `${own.id} holds`,
    because: 'it matters',
    severity: Severity.HIGH,
    maturity: 'stable',
    category: 'isolation',
    boundary: 'container',
    carrier: 'app-team',
    threats: ['workload-attack'],
    remedy: 'mend it',
    references: {},
    examples: { holds: [{ manifests: [] }], breaks: [{ manifests: [] }] },
    ...own,
  });
}

/** Breaks on the label `bad`, is undecided on `unclear`, and throws on `boom`. */
export const labelled = fake<KubernetesObject>({
  id: 'K-CTR-03',
  subjects: objects('Deployment'),
  judge: ({ object }) => {
    const labels = ((object.metadata as JsonObject).labels ?? {}) as JsonObject;
    if (labels.boom !== undefined) throw new TypeError('labels are not what they seem\nat all');
    if (labels.unclear !== undefined) return undecided('the label is unclear', 'metadata.labels.unclear');
    return labels.bad === undefined ? pass : fail(`the label is ${String(labels.bad)}`, 'metadata.labels.bad');
  },
});

/** Breaks on a bucket without encryption. */
export const encrypted = fake<CloudFormationResource>({
  id: 'A-S3-01',
  title: 'buckets are encrypted',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['credential-leak'],
  subjects: resources('AWS::S3::Bucket'),
  judge: ({ properties }) => {
    if (properties.BucketEncryption === undefined) return fail('the bucket has no encryption', 'Properties.BucketEncryption');
    return isOpen(properties.BucketEncryption) ? undecided('the encryption is known at deployment') : pass;
  },
});

/** Breaks on a bucket that nobody versions, at low severity. */
export const versioned = fake<CloudFormationResource>({
  id: 'A-S3-02',
  title: 'buckets are versioned',
  severity: Severity.LOW,
  category: 'backup',
  boundary: 'cloud',
  carrier: 'library',
  subjects: resources('AWS::S3::Bucket'),
  judge: ({ properties }) => (properties.VersioningConfiguration === undefined ? fail('the bucket keeps no versions', 'Properties') : pass),
});

/** Breaks on a bucket open to everybody; takes no exemption. */
export const notPublic = fake<CloudFormationResource>({
  id: 'A-S3-03',
  title: 'buckets are not public',
  severity: Severity.LOW,
  fatal: true,
  boundary: 'cloud',
  subjects: resources('AWS::S3::Bucket'),
  judge: ({ properties }) =>
    properties.AccessControl === 'PublicRead' ? fail('everybody reads the bucket', 'Properties.AccessControl') : pass,
});

/** Looks at both trees: as many Deployments as buckets. */
export const joined = fake<CloudFormationResource>({
  id: 'A-JON-02',
  title: 'each bucket has its deployment',
  boundary: 'cluster',
  subjects: resources('AWS::S3::Bucket'),
  judge: (bucket, { inventory }) =>
    inventory.ofKind('Deployment').some(({ name }) => bucket.logicalId.toLowerCase().startsWith(name))
      ? pass
      : fail('no deployment uses the bucket'),
});

export const deployment = (name: string, labels: JsonObject = {}, annotations?: JsonObject): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', labels, ...(annotations === undefined ? {} : { annotations }) },
  spec: {},
});

export const bucket = (path: string, properties: JsonObject = {}): JsonObject => ({
  Type: 'AWS::S3::Bucket',
  Properties: properties,
  Metadata: { 'aws:cdk:path': `${path}/Resource` },
});

interface Parts {
  readonly manifests?: readonly JsonObject[] | string;
  readonly resources?: JsonObject;
  readonly acceptances?: readonly Acceptance[];
}

/** An inventory of a few objects, one stack called Data and the acceptances in its metadata. */
export function inventory({ manifests = [], resources: bodies, acceptances = [] }: Parts): Inventory {
  return buildInventory([
    typeof manifests === 'string' ? readManifests(manifests, { file: 'app.yaml' }) : readObjects(manifests),
    ...(bodies === undefined ? [] : [readTemplate({ Resources: bodies }, { stack: 'Data' })]),
    { kubernetes: [], templates: [], acceptances, notices: [] },
  ]);
}

export const exemption = (own: Partial<Acceptance> & Pick<Acceptance, 'scope'>): Acceptance => ({
  kind: 'exemption',
  control: 'A-S3-01',
  owner: 'storage',
  reason: 'public data only',
  until: '2026-12-31',
  ...own,
});

/** The annotation that carries acceptances on an object. */
export const carrying = (...records: JsonObject[]): JsonObject => ({ 'cdk-bulwark/acceptances': JSON.stringify(records) });
