import { statementsOf } from '../../inventory/join';
import type { CloudFormationResource, Inventory } from '../../inventory/model';
import { isObject, isOpen, type Value } from '../../inventory/value';
import { control, fail, pass, resources, undecided, type Verdict } from '../control';
import { isAnyone, namesSomebody } from '../principals';
import { Severity } from '../severity';
import { getAtt, resource, setting, template } from '../template-examples';
import { firstOf, isTrue, judgeValue, listAt, shownValue } from '../template-values';
import { ingressRules, opensTo, portsOf } from './rules';

/** An endpoint may also be limited to what is called, whoever calls. */
const OWNERS = /^aws:resource(account|orgid|orgpaths)$/i;
const POLICY = 'Properties.PolicyDocument';

/** An endpoint without a policy lets every principal call everything through it, of whatever account. */
function judgePolicy(document: Value | undefined): Verdict {
  if (document === undefined) return fail('the endpoint has no policy, so it serves every account', POLICY);
  if (isOpen(document)) return undecided('the policy of the endpoint is decided at deployment', POLICY);
  const open = statementsOf(document).findIndex(
    (statement) =>
      statement.Effect === 'Allow' &&
      isAnyone(statement.Principal) &&
      !namesSomebody(statement) &&
      !namesSomebody(statement, OWNERS) &&
      !isOpen(statement.Condition) &&
      (statement.NotResource !== undefined || [statement.Resource].flat().includes('*')),
  );
  return open < 0 ? pass : fail('a statement serves every account on every resource', `${POLICY}.Statement[${open}]`);
}

function judgeGroups({ properties }: CloudFormationResource, inventory: Inventory): Verdict {
  const at = 'Properties.SecurityGroupIds';
  const groups = listAt(properties, 'SecurityGroupIds');
  if (groups.length === 0) return fail('the endpoint names no security group, so it has the default one of the VPC', at);
  return firstOf(
    ...groups.map((group): Verdict => {
      const found = inventory.find(group);
      if (found === undefined) return undecided(`the group ${shownValue(group)} of the endpoint is not in what was read`, at);
      for (const { value } of ingressRules.select(inventory)) {
        if (value.group !== found) continue;
        for (const { rule } of value.rules) {
          const open = opensTo(inventory, rule, 'Source');
          if (open !== undefined && open !== 'unknown') return fail(`the group ${found.logicalId} of the endpoint is open to ${open}`, at);
          const ports = portsOf(rule);
          if (ports === 'unknown' || open === 'unknown')
            return undecided(`who reaches the endpoint through ${found.logicalId} is decided at deployment`, at);
          if (ports.from !== 443 || ports.to !== 443)
            return fail(`the group ${found.logicalId} of the endpoint lets in other ports than 443`, at);
        }
      }
      return pass;
    }),
  );
}

const scoped = {
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
    },
  ],
};
const everyone = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
const endpoint = (properties: object = {}, ingress: object = {}) =>
  template({
    Group: resource('AWS::EC2::SecurityGroup', {
      GroupDescription: 'g',
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16', ...ingress }],
    }),
    Endpoint: resource('AWS::EC2::VPCEndpoint', {
      VpcId: 'vpc-1',
      ServiceName: 'com.amazonaws.eu-west-1.sts',
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      PolicyDocument: scoped,
      SecurityGroupIds: [getAtt('Group', 'GroupId')],
      ...properties,
    }),
  });

export const guardedEndpoints = control({
  id: 'A-VPC-07',
  title: 'endpoints are found by name, serve this account and take 443 alone',
  because:
    'an endpoint without a policy carries data to any account, and one without private names is passed by on the way to the internet',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack', 'credential-leak'],
  subjects: resources('AWS::EC2::VPCEndpoint'),
  judge: (endpoint, { inventory }) => {
    const { properties } = endpoint;
    // Gateways are routes: they have neither names nor groups of their own.
    if (
      properties.VpcEndpointType !== 'Interface' &&
      !isObject(properties.DnsOptions) &&
      listAt(properties, 'SecurityGroupIds').length === 0
    )
      return isOpen(properties.VpcEndpointType)
        ? undecided('the kind of the endpoint is decided at deployment', 'Properties.VpcEndpointType')
        : judgePolicy(properties.PolicyDocument);
    return firstOf(
      judgeValue(
        properties.PrivateDnsEnabled,
        'PrivateDnsEnabled',
        isTrue,
        (shown) => `property PrivateDnsEnabled is ${shown}, it must be true`,
      ),
      judgePolicy(properties.PolicyDocument),
      judgeGroups(endpoint, inventory),
    );
  },
  remedy:
    'set PrivateDnsEnabled, a PolicyDocument with a condition on aws:PrincipalAccount, and a group that lets in TCP 443 from the network',
  references: { fsbp: ['EC2.10', 'EC2.55', 'EC2.56', 'EC2.57', 'EC2.58', 'EC2.60'] },
  examples: {
    holds: [
      endpoint(),
      template({
        Endpoint: resource('AWS::EC2::VPCEndpoint', { VpcId: 'vpc-1', ServiceName: 'com.amazonaws.eu-west-1.s3', PolicyDocument: scoped }),
      }),
    ],
    breaks: [
      endpoint({ PrivateDnsEnabled: false }),
      endpoint({ PolicyDocument: everyone }),
      endpoint({ PolicyDocument: { Statement: [{ ...everyone.Statement[0], Condition: { Bool: { 'aws:SecureTransport': 'true' } } }] } }),
      endpoint({ SecurityGroupIds: [] }),
      endpoint({}, { CidrIp: '0.0.0.0/0' }),
      endpoint({}, { FromPort: 0, ToPort: 65535 }),
      template({ Endpoint: resource('AWS::EC2::VPCEndpoint', { VpcId: 'vpc-1', ServiceName: 'com.amazonaws.eu-west-1.s3' }) }),
    ],
    undecided: [endpoint({ PolicyDocument: setting }), endpoint({ SecurityGroupIds: [setting] }), endpoint({ PrivateDnsEnabled: setting })],
  },
});
