import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, firstOf, judgeValue } from '../template-values';

const FLAGS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const bucket = (configuration?: object) =>
  template({
    Bucket: resource('AWS::S3::Bucket', configuration === undefined ? {} : { PublicAccessBlockConfiguration: { ...configuration } }),
  });
const all = Object.fromEntries(FLAGS.map((flag) => [flag, true]));

/** S3 blocks public access of new buckets by itself; the template must say so, because it also undoes it. */
export const blockPublicAccess = control({
  id: 'A-S3-01',
  title: 'buckets block public access',
  because: 'one policy or one object with the wrong grant otherwise shows its content to everyone',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'authorization',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::S3::Bucket'),
  judge: ({ properties }) =>
    firstOf(
      ...FLAGS.map((flag) => {
        const path = `PublicAccessBlockConfiguration.${flag}`;
        return judgeValue(
          at(properties, path),
          path,
          (value) => value === true || value === 'true',
          (shown) => `property ${flag} is ${shown}, it must be true`,
        );
      }),
    ),
  remedy: `set ${FLAGS.join(', ')} to true`,
  references: {
    fsbp: ['S3.1', 'S3.8'],
    scanners: {
      'cdk-nag': ['AwsSolutions-S2'],
      checkov: ['CKV_AWS_53', 'CKV_AWS_54', 'CKV_AWS_55', 'CKV_AWS_56'],
      trivy: ['AVD-AWS-0086', 'AVD-AWS-0087', 'AVD-AWS-0091', 'AVD-AWS-0093'],
    },
  },
  examples: {
    holds: [bucket(all)],
    breaks: [bucket(), bucket({ ...all, BlockPublicPolicy: false })],
    undecided: [bucket({ ...all, RestrictPublicBuckets: setting })],
  },
});
