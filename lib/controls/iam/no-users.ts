import { control, fail, pass, resources } from '../control';
import { Severity } from '../severity';
import { ref, resource, template, trusting } from '../template-examples';

export const noUsers = control({
  id: 'A-IAM-10',
  title: 'nobody has an IAM user or an access key',
  because: 'a key does not expire, is copied into files and pipelines, and works from everywhere until somebody notices',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['credential-leak'],
  subjects: resources('AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::AccessKey'),
  judge: ({ type, logicalId }) => {
    if (type === 'AWS::IAM::Role') return pass;
    return fail(
      type === 'AWS::IAM::User'
        ? `the template makes the IAM user ${logicalId}`
        : `the template makes the access key ${logicalId}, which does not expire`,
      'Type',
    );
  },
  remedy: 'let people come by IAM Identity Center, and machines by a role',
  references: { scanners: { checkov: ['CKV_AWS_273'] } },
  examples: {
    holds: [template({ Role: trusting({ Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }) })],
    breaks: [
      template({ User: resource('AWS::IAM::User') }),
      template({ User: resource('AWS::IAM::User'), Key: resource('AWS::IAM::AccessKey', { UserName: ref('User') }) }),
    ],
  },
});
