import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { judgeValue } from '../template-values';

const subnet = (properties: object = {}) => template({ Subnet: resource('AWS::EC2::Subnet', { VpcId: 'vpc-1', ...properties }) });

/** EC2 defaults to false; the public subnets of aws-cdk-lib say true. */
export const noPublicAddresses = control({
  id: 'A-VPC-02',
  title: 'subnets give no public addresses',
  because: 'whatever is started there, by mistake too, stands on the internet',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'isolation',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::EC2::Subnet'),
  judge: ({ properties }) =>
    judgeValue(
      properties.MapPublicIpOnLaunch,
      'MapPublicIpOnLaunch',
      (value) => value === undefined || value === false || value === 'false',
      (shown) => `property MapPublicIpOnLaunch is ${shown}, it must be false`,
    ),
  remedy: 'leave MapPublicIpOnLaunch out; load balancers and NAT gateways bring their own addresses',
  references: {
    fsbp: ['EC2.15'],
    scanners: { checkov: ['CKV_AWS_130'], trivy: ['AVD-AWS-0164'], 'cdk-nag': ['NIST.800.53.R5-VPCSubnetAutoAssignPublicIpDisabled'] },
  },
  examples: {
    holds: [subnet(), subnet({ MapPublicIpOnLaunch: false })],
    breaks: [subnet({ MapPublicIpOnLaunch: true }), subnet({ MapPublicIpOnLaunch: 'true' })],
    undecided: [subnet({ MapPublicIpOnLaunch: setting })],
  },
});
