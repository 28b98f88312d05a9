import type { Value } from '../../inventory/value';
import { control, fail, pass, resources, undecided, type Verdict } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, firstOf, isUnknown, judgeValue, shownValue } from '../template-values';
import { minorOf, VERSIONS } from './support-table';

const AT = 'Properties.Version';

function judgeVersion(version: Value | undefined, asOf: string): Verdict {
  if (version === undefined) return undecided('property Version is not set, so EKS takes the default of the day', AT);
  if (isUnknown(version)) return undecided(`property Version is decided at deployment (${shownValue(version)})`, AT);
  const text = typeof version === 'number' ? version.toFixed(2) : String(version);
  const minor = minorOf(text);
  if (minor === undefined) return undecided(`property Version is ${shownValue(version)}, which is no version of Kubernetes`, AT);
  const known = VERSIONS.find((entry) => entry.version === text);
  if (known === undefined) {
    return minor < (minorOf(VERSIONS[0].version) as number)
      ? fail(`the version is ${text}, which is out of standard support`, AT)
      : undecided(`the support of Kubernetes ${text} is not known to this release`, AT);
  }
  return known.standardUntil !== undefined && asOf > known.standardUntil
    ? fail(`standard support of Kubernetes ${text} ended on ${known.standardUntil}`, AT)
    : pass;
}

const version = (Version: string | object, SupportType: string | object = 'STANDARD') =>
  template({ Cluster: cluster({ Version: Version as string, UpgradePolicy: { SupportType: SupportType as string } }) });

/** EKS defaults to EXTENDED, under which an old version costs six times as much and is upgraded by nobody. Judged as of the day of the audit. */
export const supportedVersion = control({
  id: 'A-EKS-12',
  title: 'the cluster stays in standard support',
  because: 'patches for flaws of Kubernetes come to versions in support; with extended support nobody notices that a version is old',
  severity: Severity.MEDIUM,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'cluster',
  carrier: 'platform-team',
  threats: ['control-plane-attack'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }, { asOf }) =>
    firstOf(
      judgeVersion(properties.Version, asOf),
      judgeValue(
        at(properties, 'UpgradePolicy.SupportType'),
        'UpgradePolicy.SupportType',
        (value) => value === 'STANDARD',
        (shown) => `property SupportType is ${shown}, it must be STANDARD`,
      ),
    ),
  remedy: 'set UpgradePolicy.SupportType to STANDARD and Version to one in standard support',
  references: { fsbp: ['EKS.2'], scanners: { checkov: ['CKV_AWS_339'] } },
  examples: {
    holds: [version('1.35'), version('1.36')],
    breaks: [version('1.31'), version('1.24'), version('1.35', 'EXTENDED'), template({ Cluster: cluster({ Version: '1.35' }) })],
    undecided: [
      version(setting),
      version('1.35', setting),
      version('1.99'),
      template({ Cluster: cluster({ UpgradePolicy: { SupportType: 'STANDARD' } }) }),
    ],
  },
});
