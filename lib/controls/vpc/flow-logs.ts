import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, ref, resource, setting, template } from '../template-examples';
import { isUnknown, shownValue } from '../template-values';

const log = (properties: object) =>
  resource('AWS::EC2::FlowLog', {
    ResourceId: ref('Vpc'),
    ResourceType: 'VPC',
    TrafficType: 'ALL',
    LogGroupName: ref('Group'),
    ...properties,
  });
const group = (properties: object) => resource('AWS::Logs::LogGroup', { ...properties });
const vpc = resource('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' });
const key = resource('AWS::KMS::Key', {});
const keyed = group({ KmsKeyId: getAtt('Key', 'Arn') });

export const flowLogs = control({
  id: 'A-VPC-01',
  title: 'flow logs record all traffic of a VPC, encrypted',
  because: 'without them nobody can say which address a hijacked pod talked to',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'monitoring',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EC2::VPC'),
  judge: (vpc, { inventory }) => {
    const logs = inventory.ofType('AWS::EC2::FlowLog').filter((candidate) => inventory.find(candidate.properties.ResourceId) === vpc);
    if (logs.length === 0) return fail('the VPC has no flow log', 'Properties.CidrBlock');
    const whole = logs.find((candidate) => candidate.properties.TrafficType === 'ALL');
    if (whole === undefined) {
      const types = logs.map((candidate) => candidate.properties.TrafficType);
      if (types.some(isUnknown)) return undecided('what the flow log records is decided at deployment', 'Properties.CidrBlock');
      return fail(`the flow log records ${types.map(shownValue).join(', ')}, it must record ALL`, 'Properties.CidrBlock');
    }
    // Logs in S3 are encrypted by their bucket, which has controls of its own.
    if (whole.properties.LogDestinationType !== undefined && whole.properties.LogDestinationType !== 'cloud-watch-logs') return pass;
    const target = inventory.find(whole.properties.LogGroupName) ?? inventory.find(whole.properties.LogDestination);
    if (target === undefined) return undecided('the log group of the flow log is not in what was read', 'Properties.CidrBlock');
    return target.properties.KmsKeyId === undefined
      ? fail(`the log group ${target.logicalId} of the flow log has no customer key`, 'Properties.CidrBlock')
      : pass;
  },
  remedy: 'add an AWS::EC2::FlowLog with TrafficType ALL into a log group with KmsKeyId',
  references: { fsbp: ['EC2.6'], scanners: { 'cdk-nag': ['AwsSolutions-VPC7'], checkov: ['CKV2_AWS_11'], trivy: ['AVD-AWS-0178'] } },
  examples: {
    holds: [template({ Vpc: vpc, Key: key, Group: keyed, Log: log({}) })],
    breaks: [
      template({ Vpc: vpc }),
      template({ Vpc: vpc, Key: key, Group: keyed, Log: log({ TrafficType: 'REJECT' }) }),
      template({ Vpc: vpc, Group: group({}), Log: log({}) }),
    ],
    undecided: [
      template({ Vpc: vpc, Key: key, Group: keyed, Log: log({ TrafficType: setting }) }),
      template({ Vpc: vpc, Log: log({ LogGroupName: 'elsewhere' }) }),
    ],
  },
});
