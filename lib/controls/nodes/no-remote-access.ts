import { control, fail, pass } from '../control';
import { Severity } from '../severity';
import { resource, template } from '../template-examples';
import { at } from '../template-values';
import { bare, launched, launchedNodes } from './launch-template';

export const noRemoteAccess = control({
  id: 'A-NOD-05',
  title: 'nobody logs in to nodes',
  because: 'a key pair on a node is an administrator credential that never expires, and EKS opens port 22 to everyone with it',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'node',
  carrier: 'library',
  threats: ['workload-attack', 'credential-leak'],
  subjects: launchedNodes,
  judge: ({ nodes, data, template }) => {
    if (at(nodes.properties, 'RemoteAccess') !== undefined)
      return fail('the node group has RemoteAccess', template === undefined ? 'Properties.RemoteAccess' : undefined);
    return at(data, 'KeyName') === undefined ? pass : fail('the launch template has a KeyName', 'Properties.LaunchTemplateData.KeyName');
  },
  remedy: 'remove RemoteAccess and KeyName; nodes are replaced, and a session manager host reaches the cluster',
  references: { cisEks: ['5.4.3'], fsbp: ['EC2.13'], scanners: { checkov: ['CKV_AWS_100'] } },
  examples: {
    holds: [bare, launched({})],
    breaks: [
      launched({ KeyName: 'ops' }),
      template({
        Nodes: resource('AWS::EKS::Nodegroup', { ClusterName: 'shop', NodeRole: 'r', Subnets: ['s'], RemoteAccess: { Ec2SshKey: 'ops' } }),
      }),
    ],
  },
});
