import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { ref, resource, setting, template } from '../template-examples';
import { at, isUnknown } from '../template-values';
import { receivesLogs } from './log-target';

const bucket = (properties: object = {}) => resource('AWS::S3::Bucket', { ...properties });
const logged = bucket({ LoggingConfiguration: { DestinationBucketName: ref('Logs') } });

/** A bucket that receives logs is none: each delivery would be logged again. */
export const bucketLogs = control({
  id: 'A-S3-05',
  title: 'access to buckets is logged',
  because: 'without it nobody can say what was read after a credential leaked',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'monitoring',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['credential-leak'],
  subjects: resources('AWS::S3::Bucket'),
  judge: (bucket, { inventory }) => {
    const { LoggingConfiguration: logging } = bucket.properties;
    if (isUnknown(logging)) return undecided('the logging of the bucket is decided at deployment', 'Properties.LoggingConfiguration');
    // S3 logs into the bucket itself where no other is named.
    if (logging !== undefined && (at(logging, 'DestinationBucketName') !== undefined || at(logging, 'LogFilePrefix') !== undefined))
      return pass;
    return receivesLogs(inventory, bucket) ? pass : fail('nothing logs access to the bucket', 'Properties.LoggingConfiguration');
  },
  remedy: 'set LoggingConfiguration.DestinationBucketName',
  references: { fsbp: ['S3.9'], scanners: { 'cdk-nag': ['AwsSolutions-S1'], checkov: ['CKV_AWS_18'], trivy: ['AVD-AWS-0089'] } },
  examples: {
    holds: [template({ Bucket: logged, Logs: bucket() })],
    breaks: [template({ Bucket: bucket() })],
    undecided: [template({ Bucket: bucket({ LoggingConfiguration: setting }) })],
  },
});
