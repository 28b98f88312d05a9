import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, judgeValue } from '../template-values';

const bucket = (configuration?: object) =>
  template({ Bucket: resource('AWS::S3::Bucket', configuration === undefined ? {} : { VersioningConfiguration: { ...configuration } }) });

export const bucketVersions = control({
  id: 'A-S3-04',
  title: 'buckets keep versions',
  because: 'what is overwritten or deleted, by mistake or for ransom, can then be had back',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'backup',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['permission-mistake', 'workload-attack'],
  subjects: resources('AWS::S3::Bucket'),
  judge: ({ properties }) =>
    judgeValue(
      at(properties, 'VersioningConfiguration.Status'),
      'VersioningConfiguration.Status',
      (value) => value === 'Enabled',
      (shown) => `property VersioningConfiguration.Status is ${shown}, it must be Enabled`,
    ),
  remedy: 'set VersioningConfiguration.Status to Enabled',
  references: { fsbp: ['S3.14'], scanners: { checkov: ['CKV_AWS_21'], trivy: ['AVD-AWS-0090'] } },
  examples: {
    holds: [bucket({ Status: 'Enabled' })],
    breaks: [bucket(), bucket({ Status: 'Suspended' })],
    undecided: [bucket({ Status: setting })],
  },
});
