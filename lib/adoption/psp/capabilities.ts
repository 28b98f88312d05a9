import { DEFAULT_CAPABILITIES } from '../../controls/pod/default-capabilities';
import { fillContainers } from './cel';
import { ANY, every, type Field, list, names } from './outcome';

export const allowedCapabilities: Field = (value, { spec }) => {
  const allowed = names(value);
  if (allowed.includes('*')) return ANY;
  const all = [...new Set([...allowed, ...names(spec.defaultAddCapabilities)])];
  const level = all.every((name) => name === 'NET_BIND_SERVICE')
    ? 'restricted'
    : all.every((name) => DEFAULT_CAPABILITIES.includes(name))
      ? 'baseline'
      : 'privileged';
  return {
    level,
    checks: [
      {
        expression: every(`c.?securityContext.?capabilities.?add.orValue([]).all(a, a in ${list(all)})`),
        message: all.length === 0 ? 'no capability may be added' : `capabilities may be added of ${all.join(', ')} only`,
      },
    ],
  };
};

export const requiredDropCapabilities: Field = (value) => {
  const required = names(value);
  const drop = 'c.?securityContext.?capabilities.?drop.orValue([])';
  if (required.length === 0) return { level: 'baseline' };
  return {
    level: required.includes('ALL') ? 'restricted' : 'baseline',
    checks: [
      {
        expression: every(`"ALL" in ${drop} || ${list(required)}.all(r, r in ${drop})`),
        message: `capabilities must be dropped: ${required.join(', ')}`,
      },
    ],
    fills: [fillContainers(['securityContext', 'capabilities', 'drop'], list(required))],
  };
};
