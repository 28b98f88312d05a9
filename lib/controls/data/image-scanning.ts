import { fitsGlob } from '../../inventory/glob';
import { listOf } from '../../inventory/join';
import type { Inventory } from '../../inventory/model';
import { isObject } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, isTrue, isUnknown, options } from '../template-values';

const PATH = 'Properties.ImageScanningConfiguration.ScanOnPush';

/** Whether the scanning of the whole registry, where it is here, covers a repository of this name. */
function registryScans(inventory: Inventory, name: unknown): boolean {
  return inventory.ofType('AWS::ECR::RegistryScanningConfiguration').some(({ properties }) =>
    listOf(properties.Rules).some((rule) => {
      if (!isObject(rule) || rule.ScanFrequency === 'MANUAL') return false;
      return listOf(rule.RepositoryFilters).some((entry) => {
        const filter = at(entry, 'Filter');
        if (filter === '*') return true;
        return typeof filter === 'string' && typeof name === 'string' && fitsGlob(`${filter}*`, name);
      });
    }),
  );
}

const images = (properties: object = {}) => resource('AWS::ECR::Repository', { ...properties });
const registry = (Filter: string, ScanFrequency = 'CONTINUOUS_SCAN') =>
  resource('AWS::ECR::RegistryScanningConfiguration', {
    ScanType: 'ENHANCED',
    Rules: [{ ScanFrequency, RepositoryFilters: [{ Filter, FilterType: 'WILDCARD' }] }],
  });

export const imageScanning = control({
  id: 'A-ECR-02',
  title: 'images are scanned when they arrive',
  because: 'a known flaw in an image is otherwise found by whoever uses it',
  severity: Severity.HIGH,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::ECR::Repository'),
  judge: ({ properties }, { inventory }) => {
    if (registryScans(inventory, properties.RepositoryName)) return pass;
    const onPush = options(at(properties, 'ImageScanningConfiguration.ScanOnPush'));
    if (onPush.every(isTrue)) return pass;
    return onPush.some(isUnknown) || onPush.some(isTrue)
      ? undecided('whether images are scanned is decided at deployment', PATH)
      : fail('images are not scanned when they are pushed', PATH);
  },
  remedy: 'set ImageScanningConfiguration.ScanOnPush to true, or declare an AWS::ECR::RegistryScanningConfiguration of the whole registry',
  references: {
    cisEks: ['5.1.1'],
    fsbp: ['ECR.1'],
    scanners: { 'control-tower': ['CT.ECR.PR.2'], checkov: ['CKV_AWS_163'], trivy: ['AVD-AWS-0030'] },
  },
  examples: {
    holds: [
      template({ Images: images({ ImageScanningConfiguration: { ScanOnPush: true } }) }),
      template({ Images: images(), Registry: registry('*') }),
      template({ Images: images({ RepositoryName: 'team/app' }), Registry: registry('team/*', 'SCAN_ON_PUSH') }),
    ],
    breaks: [
      template({ Images: images() }),
      template({ Images: images({ ImageScanningConfiguration: { ScanOnPush: false } }) }),
      template({ Images: images({ RepositoryName: 'other' }), Registry: registry('team/*') }),
      template({ Images: images(), Registry: registry('*', 'MANUAL') }),
    ],
    undecided: [template({ Images: images({ ImageScanningConfiguration: { ScanOnPush: setting } }) })],
  },
});
