import { control, resources } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { judgeValue } from '../template-values';

const association = (properties: object = {}) =>
  template({
    Association: resource('AWS::EKS::PodIdentityAssociation', {
      ClusterName: 'shop',
      Namespace: 'shop',
      ServiceAccount: 'api',
      RoleArn: 'arn:aws:iam::111122223333:role/api',
      ...properties,
    }),
  });

/** EKS defaults to false: tags are sent. */
export const sessionTags = control({
  id: 'A-IAM-08',
  title: 'sessions of pods carry their tags',
  because: 'without them neither trust policies nor the audit trail can tell which cluster, namespace and service account a session is of',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'authentication',
  boundary: 'pod',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::EKS::PodIdentityAssociation'),
  judge: ({ properties }) =>
    judgeValue(
      properties.DisableSessionTags,
      'DisableSessionTags',
      (value) => value === undefined || value === false || value === 'false',
      (shown) => `property DisableSessionTags is ${shown}, it must be false`,
    ),
  remedy: 'leave DisableSessionTags out',
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html'] },
  examples: {
    holds: [association(), association({ DisableSessionTags: false })],
    breaks: [association({ DisableSessionTags: true })],
    undecided: [association({ DisableSessionTags: setting })],
  },
});
