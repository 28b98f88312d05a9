import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { getAtt, ref, resource, setting, template } from '../template-examples';
import { at, isUnknown, listAt, shownValue } from '../template-values';
import { receivesLogs } from './log-target';

const PATH = 'Properties.BucketEncryption';
const RULES = 'BucketEncryption.ServerSideEncryptionConfiguration';
const bucket = (byDefault?: object, properties: object = {}) =>
  resource('AWS::S3::Bucket', {
    ...(byDefault === undefined
      ? {}
      : { BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { ...byDefault } }] } }),
    ...properties,
  });
const key = resource('AWS::KMS::Key', {});
const keyed = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: getAtt('Key', 'Arn') };

/** Access logs and some others are delivered only to buckets with a key of S3. */
export const bucketEncryption = control({
  id: 'A-S3-03',
  title: 'buckets are encrypted with a customer key, those of logs with one of S3',
  because: 'who may read is then decided by the policy of the key too, and each use of it is in the audit trail',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'encryption',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::S3::Bucket'),
  judge: (bucket, { inventory }) => {
    const logs = receivesLogs(inventory, bucket);
    const rules = at(bucket.properties, RULES);
    if (isUnknown(rules)) return undecided('the encryption of the bucket is decided at deployment', PATH);
    const [rule] = listAt(bucket.properties, RULES);
    const algorithm = at(rule, 'ServerSideEncryptionByDefault.SSEAlgorithm');
    const keyId = at(rule, 'ServerSideEncryptionByDefault.KMSMasterKeyID');
    if (isUnknown(algorithm)) return undecided(`property SSEAlgorithm is decided at deployment (${shownValue(algorithm)})`, PATH);
    // S3 encrypts with a key of its own where nothing is said.
    if (logs && (algorithm === undefined || algorithm === 'AES256')) return pass;
    if (algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')
      return fail(`property SSEAlgorithm is ${shownValue(algorithm)}, it must be aws:kms`, PATH);
    return keyId === undefined || keyId === '' || /alias\/aws\/s3$/.test(String(keyId))
      ? fail('the bucket names no customer key', PATH)
      : pass;
  },
  remedy: 'set ServerSideEncryptionByDefault to { SSEAlgorithm: aws:kms, KMSMasterKeyID: ... }',
  references: { fsbp: ['S3.17'], scanners: { checkov: ['CKV_AWS_145'], trivy: ['AVD-AWS-0132'] } },
  examples: {
    holds: [
      template({ Key: key, Bucket: bucket(keyed) }),
      template({
        Key: key,
        Bucket: bucket(keyed, { LoggingConfiguration: { DestinationBucketName: ref('Logs') } }),
        Logs: bucket({ SSEAlgorithm: 'AES256' }),
      }),
    ],
    breaks: [
      template({ Bucket: bucket() }),
      template({ Bucket: bucket({ SSEAlgorithm: 'AES256' }) }),
      template({ Bucket: bucket({ SSEAlgorithm: 'aws:kms' }) }),
      template({ Bucket: bucket({ SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'alias/aws/s3' }) }),
    ],
    undecided: [
      template({ Bucket: bucket({ SSEAlgorithm: setting }) }),
      template({ Bucket: resource('AWS::S3::Bucket', { BucketEncryption: setting }) }),
    ],
  },
});
