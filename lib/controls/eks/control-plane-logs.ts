import { isObject } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, isUnknown, listAt, shownValue } from '../template-values';

const TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
const PATH = 'Logging.ClusterLogging.EnabledTypes';
const logging = (...types: unknown[]) =>
  template({ Cluster: cluster({ Logging: { ClusterLogging: { EnabledTypes: types.map((Type) => ({ Type }) as never) } } }) });

/** EKS writes no control-plane log unless it is asked for. */
export const controlPlaneLogs = control({
  id: 'A-EKS-03',
  title: 'all five types of control-plane logs are on',
  because: 'without the audit log nobody can say who did what in the cluster, before or after an incident',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'monitoring',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack', 'credential-leak'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) => {
    if (isUnknown(at(properties, PATH))) return undecided(`property ${PATH} is decided at deployment`, `Properties.${PATH}`);
    const types = listAt(properties, PATH).map((entry) => (isObject(entry) ? entry.Type : entry));
    const missing = TYPES.filter((type) => !types.includes(type));
    if (missing.length === 0) return pass;
    if (types.some(isUnknown))
      return undecided(`a log type is decided at deployment (${types.map(shownValue).join(', ')})`, `Properties.${PATH}`);
    return fail(`the log types ${missing.join(', ')} are off`, `Properties.${PATH}`);
  },
  remedy: `enable ${TYPES.join(', ')} in Logging.ClusterLogging.EnabledTypes`,
  references: {
    cisEks: ['2.1.1'],
    fsbp: ['EKS.8'],
    scanners: { 'cdk-nag': ['AwsSolutions-EKS2'], checkov: ['CKV_AWS_37'], trivy: ['AVD-AWS-0038'] },
  },
  examples: {
    holds: [logging(...TYPES)],
    breaks: [template({ Cluster: cluster() }), logging('api', 'audit')],
    undecided: [logging('api', setting), template({ Cluster: cluster({ Logging: setting }) })],
  },
});
