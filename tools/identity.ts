import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildInventory, type Json, type JsonObject, readManifests, readTemplate } from '../lib/inventory';

/** Types whose replacement loses data, addresses or access. */
const STATEFUL = new Set([
  'AWS::EC2::EIP',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::ECR::Repository',
  'AWS::EKS::AccessEntry',
  'AWS::EKS::Addon',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::IAM::OIDCProvider',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::S3::Bucket',
]);
/** Properties that give a physical name. */
const NAMES = [
  'Name',
  'RoleName',
  'BucketName',
  'RepositoryName',
  'LogGroupName',
  'AliasName',
  'NodegroupName',
  'ClusterName',
  'ExportName',
];

const stable = (value: Json | undefined): string =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.keys(value)
        .sort()
        .map((key) => `${key}=${stable((value as JsonObject)[key])}`)
        .join(',')
    : JSON.stringify(value);

/** The names in a golden that must not change by themselves, one a line, in order. */
export function identitiesOf(golden: string): string[] {
  const lines: string[] = [];
  const read = (part: string): [string, string][] =>
    readdirSync(join(golden, part)).map((name) => [name, readFileSync(join(golden, part, name), 'utf8')]);
  for (const [file, text] of read('cloudformation')) {
    const stack = basename(file, '.template.json');
    for (const { logicalId, type } of buildInventory([readTemplate(text, { file, stack })]).cloudformation) {
      if (STATEFUL.has(type)) lines.push(`${stack} ${type} ${logicalId}`);
    }
    const { Resources } = JSON.parse(text) as { Resources: { [id: string]: { Type: string; Properties?: { [name: string]: unknown } } } };
    for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
      for (const name of NAMES) if (typeof Properties[name] === 'string') lines.push(`${stack} ${Type} ${id} ${name} ${Properties[name]}`);
    }
  }
  const { kubernetes } = buildInventory(read('kubernetes').map(([file, text]) => readManifests(text, { file })));
  for (const { kind, namespace, name, object } of kubernetes) {
    const place = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    lines.push(place);
    const spec = (object.spec ?? {}) as JsonObject;
    if (kind !== 'NetworkPolicy' && spec.selector !== undefined) lines.push(`${place} selector ${stable(spec.selector)}`);
    for (const claim of (spec.volumeClaimTemplates ?? []) as JsonObject[])
      lines.push(`${place} claim ${(claim.metadata as JsonObject).name}`);
  }
  return [...new Set(lines)].sort();
}
