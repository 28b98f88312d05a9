import { control, pass, resources } from '../control';
import { STAGE, stageBelowProduction } from '../lifecycle-stage';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { isTrue, judgeValue } from '../template-values';

/** EKS defaults to false. A cluster that says in its metadata that it may be lost is let go. */
export const deletionProtection = control({
  id: 'A-EKS-11',
  title: 'production clusters refuse to be deleted',
  because: 'one wrong stack operation otherwise takes every workload with it',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'governance',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['permission-mistake'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: (subject) =>
    stageBelowProduction(subject) !== undefined
      ? pass
      : judgeValue(
          subject.properties.DeletionProtection,
          'DeletionProtection',
          isTrue,
          (shown) => `property DeletionProtection is ${shown}, it must be true`,
        ),
  remedy: `set DeletionProtection to true; a cluster that may be lost says so in its metadata, ${STAGE}: staging or ephemeral, as aws.Lifecycle does`,
  references: { urls: ['https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html'] },
  examples: {
    holds: [
      template({ Cluster: cluster({ DeletionProtection: true }) }),
      template({ Cluster: { ...cluster(), Metadata: { [STAGE]: 'ephemeral' } } }),
    ],
    breaks: [
      template({ Cluster: cluster() }),
      template({ Cluster: cluster({ DeletionProtection: false }) }),
      template({ Cluster: { ...cluster(), Metadata: { [STAGE]: 'production' } } }),
    ],
    undecided: [template({ Cluster: cluster({ DeletionProtection: setting }) })],
  },
});
