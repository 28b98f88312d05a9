import { type Inventory, isJsonObject, type Json, type JsonObject } from '../inventory';

/** Types whose replacement loses data, addresses or access. */
const STATEFUL = new Set([
  'AWS::EC2::EIP',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::ECR::Repository',
  'AWS::EFS::FileSystem',
  'AWS::EKS::AccessEntry',
  'AWS::EKS::Addon',
  'AWS::EKS::Cluster',
  'AWS::EKS::Nodegroup',
  'AWS::EKS::PodIdentityAssociation',
  'AWS::IAM::OIDCProvider',
  'AWS::IAM::Role',
  'AWS::KMS::Key',
  'AWS::Logs::LogGroup',
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
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

/**
 * The names that must not change by themselves, one a line, in order: logical ids of what holds data, addresses or access, physical names, and the names,
 * selectors and volume claims of Kubernetes objects. Another name makes CloudFormation or Kubernetes replace what has it.
 */
export function identitiesOf(inventory: Inventory): string[] {
  const lines: string[] = [];
  for (const { stack, type, logicalId, properties } of inventory.cloudformation) {
    if (STATEFUL.has(type)) lines.push(`${stack} ${type} ${logicalId}`);
    for (const name of NAMES) {
      if (typeof properties[name] === 'string') lines.push(`${stack} ${type} ${logicalId} ${name} ${properties[name]}`);
    }
  }
  for (const { kind, namespace, name, object } of inventory.kubernetes) {
    const place = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    lines.push(place);
    const spec = isJsonObject(object.spec) ? object.spec : {};
    if (kind !== 'NetworkPolicy' && spec.selector !== undefined) lines.push(`${place} selector ${stable(spec.selector)}`);
    for (const claim of Array.isArray(spec.volumeClaimTemplates) ? spec.volumeClaimTemplates : []) {
      if (isJsonObject(claim) && isJsonObject(claim.metadata)) lines.push(`${place} claim ${String(claim.metadata.name)}`);
    }
  }
  return [...new Set(lines)].sort();
}

function stable(value: Json): string {
  return isJsonObject(value)
    ? Object.keys(value)
        .sort()
        .map((key) => `${key}=${stable((value as JsonObject)[key])}`)
        .join(',')
    : JSON.stringify(value);
}
