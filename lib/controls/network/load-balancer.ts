import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { firewall, service, services } from './policies';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';
const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const EVERYWHERE = ['0.0.0.0/0', '::/0'];
/** Classes and types of the controllers of AWS, which make internal load balancers unless they are told otherwise. */
const CLASSES = ['service.k8s.aws/nlb', 'eks.amazonaws.com/nlb'];
const TYPES = ['external', 'nlb-ip'];

function isInternal(spec: JsonObject, annotations: JsonObject): boolean {
  const scheme = annotations[`${AWS}-scheme`];
  if (scheme !== undefined) return scheme === 'internal';
  const internal = annotations[`${AWS}-internal`];
  if (internal !== undefined && internal !== '' && internal !== 'false') return true;
  return CLASSES.includes(spec.loadBalancerClass as string) || TYPES.includes(annotations[`${AWS}-type`] as string);
}

/** The ranges that may connect, undefined where nothing bounds them. */
function rangesOf(spec: JsonObject, annotations: JsonObject): readonly unknown[] | undefined {
  if (Array.isArray(spec.loadBalancerSourceRanges) && spec.loadBalancerSourceRanges.length > 0) return spec.loadBalancerSourceRanges;
  const text = annotations[RANGES];
  return typeof text === 'string' && text.trim() !== '' ? text.split(',').map((range) => range.trim()) : undefined;
}

const balanced = (spec: JsonObject, annotations?: JsonObject): JsonObject => service({ type: 'LoadBalancer', ...spec }, annotations);

export const loadBalancer = control({
  ...firewall,
  id: 'K-NET-07',
  title: 'load balancers of services are internal or name who may connect',
  because: 'the default of the type is an address on the internet that everybody may connect to',
  severity: Severity.MEDIUM,
  subjects: services,
  judge: ({ name, object }) => {
    const spec = child(object, 'spec');
    if (spec.type !== 'LoadBalancer') return pass;
    const annotations = child(child(object, 'metadata'), 'annotations');
    if (isInternal(spec, annotations)) return pass;
    const ranges = rangesOf(spec, annotations);
    if (ranges === undefined)
      return fail(`the Service ${name} is open to the internet, it must be internal or name loadBalancerSourceRanges`, 'spec.type');
    return ranges.some((range) => EVERYWHERE.includes(range as string))
      ? fail(
          `the Service ${name} lets everybody connect, loadBalancerSourceRanges must name the ranges that are meant`,
          'spec.loadBalancerSourceRanges',
        )
      : pass;
  },
  remedy: `annotate the Service with ${AWS}-scheme: internal, or list the ranges in loadBalancerSourceRanges`,
  references: { nsa: ['network'], scanners: { 'kube-linter': ['exposed-services'], kubescape: ['C-0256'] } },
  examples: {
    holds: manifests(
      service({}),
      balanced({}, { [`${AWS}-scheme`]: 'internal' }),
      balanced({}, { [`${AWS}-internal`]: 'true' }),
      balanced({ loadBalancerSourceRanges: ['203.0.113.0/24'] }),
      balanced({}, { [RANGES]: '203.0.113.0/24, 198.51.100.0/24' }),
      balanced({ loadBalancerClass: 'service.k8s.aws/nlb' }),
      balanced({}, { [`${AWS}-type`]: 'external' }),
    ),
    breaks: manifests(
      balanced({}),
      balanced({ loadBalancerSourceRanges: ['203.0.113.0/24', '0.0.0.0/0'] }),
      balanced({}, { [`${AWS}-scheme`]: 'internet-facing' }),
      balanced({ loadBalancerClass: 'eks.amazonaws.com/nlb' }, { [`${AWS}-scheme`]: 'internet-facing' }),
      balanced({}, { [`${AWS}-internal`]: 'false' }),
      balanced({ loadBalancerSourceRanges: [] }),
    ),
  },
});
