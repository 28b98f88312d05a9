import { fillPod, text } from './cel';
import { effective, every, type Field, type Range, rangesOf, said, within } from './outcome';
import { mapOf } from './policy';

export const runAsUser: Field = (value) => {
  const { rule, ranges: given } = mapOf(value);
  if (rule === 'MustRunAsNonRoot') {
    const condition = `[${effective('runAsNonRoot')}].all(n, [${effective('runAsUser')}].all(u, n.orValue(true) && u.orValue(1) != 0 && (n.hasValue() || u.hasValue())))`;
    return {
      level: 'restricted',
      checks: [{ expression: every(condition), message: 'containers must run as another user than root' }],
      fills: [
        fillPod(
          ['securityContext', 'runAsNonRoot'],
          'true',
          '!has(object.spec.securityContext) || !has(object.spec.securityContext.runAsUser)',
        ),
      ],
    };
  }
  if (rule !== 'MustRunAs') return { level: 'baseline' };
  const ranges = rangesOf(given);
  return {
    // The restricted level also asks for runAsNonRoot, which a user in a range without 0 satisfies only when it is written down.
    level: 'baseline',
    checks: [
      {
        expression: every(`[${effective('runAsUser')}.orValue(-1)].all(u, ${within('u', ranges)})`),
        message: `runAsUser must lie in ${said(ranges)}`,
      },
    ],
    fills: ranges.length === 0 ? [] : [fillPod(['securityContext', 'runAsUser'], String(ranges[0].min))],
  };
};

/** What a policy asks of groups. */
interface Asked {
  readonly ranges: readonly Range[];
  readonly isRequired: boolean;
  /** The number that stands for a group which is not there: one that passes where nothing has to be. */
  readonly missing: number;
}

/** Group strategies: `MustRunAs` asks for a value in the ranges, `MayRunAs` only judges one that is there. */
function groups(key: string, expression: (asked: Asked) => string, fill: (group: number) => string = String): Field {
  return (value) => {
    const { rule, ranges: given } = mapOf(value);
    if (rule !== 'MustRunAs' && rule !== 'MayRunAs') return { level: 'restricted' };
    const ranges = rangesOf(given);
    const isRequired = rule === 'MustRunAs';
    const missing = !isRequired && ranges.length > 0 ? ranges[0].min : -1;
    return {
      level: 'restricted',
      checks: [{ expression: expression({ ranges, isRequired, missing }), message: `${key} must lie in ${said(ranges)}` }],
      fills: isRequired && ranges.length > 0 ? [fillPod(['securityContext', key], fill(ranges[0].min))] : [],
    };
  };
}

export const runAsGroup: Field = groups('runAsGroup', ({ ranges, missing }) =>
  every(`[${effective('runAsGroup')}.orValue(${missing})].all(g, ${within('g', ranges)})`),
);

export const fsGroup: Field = groups(
  'fsGroup',
  ({ ranges, missing }) => `[variables.pod.?securityContext.?fsGroup.orValue(${missing})].all(g, ${within('g', ranges)})`,
);

const SUPPLEMENTAL = 'variables.pod.?securityContext.?supplementalGroups.orValue([])';
export const supplementalGroups: Field = groups(
  'supplementalGroups',
  ({ ranges, isRequired }) => `${isRequired ? `size(${SUPPLEMENTAL}) > 0 && ` : ''}${SUPPLEMENTAL}.all(g, ${within('g', ranges)})`,
  (group) => `[${group}]`,
);

export const seLinux: Field = (value) => {
  const { rule, seLinuxOptions } = mapOf(value);
  if (rule !== 'MustRunAs') {
    return {
      level: 'restricted',
      notes: ['seLinux was RunAsAny; the baseline and restricted levels refuse SELinux users, roles and types of a pod’s own choice'],
    };
  }
  const options = Object.entries(mapOf(seLinuxOptions));
  const equal = options.map(([key, wanted]) => `s.?${key}.orValue("") == ${text(String(wanted))}`).join(' && ') || 'true';
  return {
    level: 'restricted',
    checks: [
      {
        expression: every(`[${effective('seLinuxOptions')}].all(o, o.hasValue() && [o.value()].all(s, ${equal}))`),
        message: `seLinuxOptions must be ${options.map(([key, wanted]) => `${key} ${String(wanted)}`).join(', ')}`,
      },
    ],
    fills:
      options.length === 0
        ? []
        : [
            fillPod(
              ['securityContext', 'seLinuxOptions'],
              `{${options.map(([key, wanted]) => `${text(key)}: ${text(String(wanted))}`).join(', ')}}`,
            ),
          ],
  };
};
