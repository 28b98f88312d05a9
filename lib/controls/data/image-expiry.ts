import { isOpen } from '../../inventory/value';
import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { resource, setting, template } from '../template-examples';
import { at, textOf } from '../template-values';

const PATH = 'Properties.LifecyclePolicy';
const images = (properties: object = {}) => template({ Images: resource('AWS::ECR::Repository', { ...properties }) });
const rules =
  '{"rules":[{"rulePriority":1,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":7},"action":{"type":"expire"}}]}';

export const imageExpiry = control({
  id: 'A-ECR-04',
  title: 'old images are deleted',
  because: 'nobody patches them, and whoever can name one can still run it',
  severity: Severity.LOW,
  maturity: 'stable',
  category: 'vulnerability',
  boundary: 'cloud',
  carrier: 'library',
  threats: ['workload-attack'],
  subjects: resources('AWS::ECR::Repository'),
  judge: ({ properties }) => {
    const { LifecyclePolicy: policy } = properties;
    if (policy === undefined) return fail('the repository has no lifecycle policy', PATH);
    const rules = at(policy, 'LifecyclePolicyText');
    // The text of a policy is parsed where it is one; what stays open is decided at deployment.
    if (isOpen(rules) && textOf(rules)?.includes('rules') !== true) return undecided('the lifecycle policy is decided at deployment', PATH);
    const written = typeof rules === 'string' ? rules : JSON.stringify(rules ?? '');
    return /rulePriority/.test(written) || textOf(rules)?.includes('rulePriority') === true
      ? pass
      : fail('the lifecycle policy has no rule', PATH);
  },
  remedy: 'set LifecyclePolicy.LifecyclePolicyText with a rule for untagged images and one for how many are kept',
  references: { fsbp: ['ECR.3'] },
  examples: {
    holds: [images({ LifecyclePolicy: { LifecyclePolicyText: rules } })],
    breaks: [images(), images({ LifecyclePolicy: { LifecyclePolicyText: '{"rules":[]}' } })],
    undecided: [images({ LifecyclePolicy: { LifecyclePolicyText: setting } }), images({ LifecyclePolicy: setting })],
  },
});
