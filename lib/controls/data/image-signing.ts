import { fitsGlob } from '../../inventory/glob';
import { listOf } from '../../inventory/join';
import { isObject, isOpen, type Value } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, listAt } from '../template-values';

/** Whether a rule signs what is pushed to a repository of this name; a rule without filters signs all. */
function signs(rule: Value, name: Value | undefined): boolean | 'unknown' {
  if (!isObject(rule)) return 'unknown';
  const filters = listAt(rule, 'RepositoryFilters').map((entry) => at(entry, 'Filter'));
  if (filters.length === 0 || filters.includes('*')) return true;
  if (typeof name !== 'string' || filters.some(isOpen)) return 'unknown';
  return filters.some((filter) => typeof filter === 'string' && fitsGlob(filter, name));
}

const images = resource('AWS::ECR::Repository', { RepositoryName: 'team/app' });
const signing = (...filters: string[]) =>
  resource('AWS::ECR::SigningConfiguration', {
    Rules: [
      {
        SigningProfileArn: 'arn:aws:signer:eu-west-1:111122223333:/signing-profiles/images',
        ...(filters.length === 0 ? {} : { RepositoryFilters: filters.map((Filter) => ({ Filter, FilterType: 'WILDCARD_MATCH' })) }),
      },
    ],
  });

/** Signing is switched on once for the registry of an account and region, often by another team and out of sight here: judged where somebody asks for it. */
export const imageSigning = control({
  id: 'A-ECR-06',
  title: 'images are signed when they are pushed',
  because: 'a signature tells the cluster that an image came through this registry and was not replaced on the way',
  severity: Severity.MEDIUM,
  maturity: 'sandbox',
  category: 'vulnerability',
  boundary: 'cloud',
  carrier: 'platform-team',
  threats: ['workload-attack'],
  subjects: resources('AWS::ECR::Repository'),
  judge: ({ properties }, { inventory }) => {
    const configurations = inventory.ofType('AWS::ECR::SigningConfiguration');
    if (configurations.length === 0)
      return undecided('the signing configuration of the registry is not in what was read', 'Properties.RepositoryName');
    const said = configurations.flatMap((one) => listOf(one.properties.Rules)).map((rule) => signs(rule, properties.RepositoryName));
    if (said.includes(true)) return pass;
    return said.includes('unknown')
      ? undecided('whether images of the repository are signed is decided at deployment', 'Properties.RepositoryName')
      : fail('no rule of the signing configuration covers the repository', 'Properties.RepositoryName');
  },
  remedy: 'declare an AWS::ECR::SigningConfiguration whose rule covers the repository',
  references: { cisEks: ['5.1.4'] },
  examples: {
    holds: [template({ Images: images, Signing: signing() }), template({ Images: images, Signing: signing('team/*') })],
    breaks: [
      template({ Images: images, Signing: signing('other/*') }),
      template({ Images: images, Signing: resource('AWS::ECR::SigningConfiguration', { Rules: [] }) }),
    ],
    undecided: [
      template({ Images: images }),
      template({ Images: images, Signing: resource('AWS::ECR::SigningConfiguration', { Rules: [setting] }) }),
    ],
  },
});
