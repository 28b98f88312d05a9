import { listOf, statementsOf } from '../../inventory/join';
import { isOpen, type ValueObject } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { conditions } from '../iam/trust';
import { isAnyone } from '../principals';
import { Severity } from '../severity';
import { getAtt, ref, resource, setting, template } from '../template-examples';
import { textOf } from '../template-values';
import { policiesOf } from './bucket-policy';

/** A denial of plain HTTP, for everyone, of every action, on the bucket and what is in it. */
function deniesPlain(statement: ValueObject): boolean {
  if (statement.Effect !== 'Deny' || !isAnyone(statement.Principal)) return false;
  const all = listOf(statement.Action).some((action) => action === '*' || action === 's3:*');
  const tests = conditions(statement);
  const plain = tests.length === 1 && tests[0].operator === 'Bool' && tests[0].key.toLowerCase() === 'aws:securetransport';
  const objects = listOf(statement.Resource).some((resource) => /\*$/.test(textOf(resource) ?? ''));
  return all && plain && objects && tests[0].values.every((value) => String(value) === 'false');
}

const denial = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [getAtt('Bucket', 'Arn'), { 'Fn::Join': ['', [getAtt('Bucket', 'Arn'), '/*']] }],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};
const bucket = resource('AWS::S3::Bucket');
const policed = (...statements: object[]) =>
  template({
    Bucket: bucket,
    Policy: resource('AWS::S3::BucketPolicy', {
      Bucket: ref('Bucket'),
      PolicyDocument: { Statement: statements.map((statement) => ({ ...statement })) },
    }),
  });

export const bucketTls = control({
  id: 'A-S3-02',
  title: 'buckets refuse plain HTTP',
  because: 'whoever is on the way reads and changes what is sent without TLS, credentials of presigned requests included',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['credential-leak'],
  subjects: resources('AWS::S3::Bucket'),
  judge: (bucket, { inventory }) => {
    const policies = policiesOf(inventory, bucket);
    if (policies.some(({ properties }) => statementsOf(properties.PolicyDocument).some(deniesPlain))) return pass;
    return policies.some(({ properties }) => isOpen(properties.PolicyDocument))
      ? undecided('the policy of the bucket is decided at deployment', 'Properties')
      : fail('no policy of the bucket denies requests without TLS', 'Properties');
  },
  remedy: 'add an AWS::S3::BucketPolicy that denies s3:* to everyone where aws:SecureTransport is false, on the bucket and its objects',
  references: { fsbp: ['S3.5'], scanners: { 'cdk-nag': ['AwsSolutions-S10'], checkov: ['CKV_AWS_379'] } },
  examples: {
    holds: [policed(denial), policed({ ...denial, Principal: { AWS: '*' } })],
    breaks: [
      template({ Bucket: bucket }),
      policed({ ...denial, Effect: 'Allow' }),
      policed({ ...denial, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      policed({ ...denial, Action: 's3:GetObject' }),
      policed({ ...denial, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
    ],
    undecided: [
      template({ Bucket: bucket, Policy: resource('AWS::S3::BucketPolicy', { Bucket: ref('Bucket'), PolicyDocument: setting }) }),
    ],
  },
});
