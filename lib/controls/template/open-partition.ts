import { control, fail, pass } from '../control';
import { Severity } from '../severity';
import { resource, template } from '../template-examples';
import { everyResource, leaves, writtenParts } from './strings';

const LITERAL = /\barn:(aws(?:-[a-z]+)*):/;
const role = (...arns: (string | object)[]) =>
  template({ Role: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: {}, ManagedPolicyArns: arns as string[] }) });

export const openPartition = control({
  id: 'A-PAR-01',
  title: 'ARNs leave the partition to the deployment',
  because: 'a template that writes arn:aws works in no other partition, and fails there in the middle of a deployment',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['permission-mistake'],
  subjects: everyResource,
  judge: ({ properties }) => {
    for (const { value, at } of leaves(properties)) {
      for (const part of writtenParts(value)) {
        const partition = LITERAL.exec(part)?.[1];
        if (partition !== undefined) return fail(`an ARN is written with the partition ${partition}`, at);
      }
    }
    return pass;
  },
  remedy: 'write arn:${AWS::Partition}:... in Fn::Sub; in aws-cdk-lib, Stack.formatArn or Aws.PARTITION',
  references: { scanners: { 'cfn-lint': ['I3042'] } },
  examples: {
    holds: [
      role({ 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/ReadOnlyAccess' }),
      role({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/ReadOnlyAccess']] }),
    ],
    breaks: [
      role('arn:aws:iam::aws:policy/ReadOnlyAccess'),
      role('arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'),
      role({ 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:policy/own' }),
    ],
  },
});
