import type { JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { groupObjects } from '../kubernetes-objects';
import { manifests } from '../pod-examples';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { deploymentOf } from './replicated';
import { availability } from './serving';

const set = (kind: string, updateStrategy: JsonObject | null): JsonObject => {
  const { spec, ...rest } = deploymentOf(undefined);
  return { ...rest, kind, spec: { ...(spec as JsonObject), updateStrategy } };
};

export const rollingUpdate = control({
  ...availability,
  id: 'K-AVL-07',
  title: 'newer pods replace older ones by themselves, a few at a time',
  because: 'to recreate stops everything first, and OnDelete leaves the old image running until somebody remembers it',
  severity: Severity.LOW,
  subjects: groupObjects('apps', 'Deployment', 'StatefulSet', 'DaemonSet'),
  judge: ({ kind, name, object }) => {
    const field = kind === 'Deployment' ? 'strategy' : 'updateStrategy';
    const { type } = child(child(object, 'spec'), field);
    return !isSet(type) || type === 'RollingUpdate'
      ? pass
      : fail(`the ${kind} ${name} is updated by ${type}, it must be RollingUpdate`, `spec.${field}.type`);
  },
  remedy: 'set the type to RollingUpdate; where two versions must not run at once, make the program tell them apart',
  references: {
    scanners: { 'kube-linter': ['no-rolling-update-strategy'], 'kube-score': ['deployment-strategy'], kubescape: ['C-0305'] },
  },
  cel: "[dyn(object)].all(o, ['strategy', 'updateStrategy'].all(f, !(f in o.spec) || !('type' in o.spec[f]) || o.spec[f].type == 'RollingUpdate'))",
  examples: {
    holds: manifests(
      deploymentOf(2),
      deploymentOf(2, {}, { type: 'RollingUpdate' }),
      deploymentOf(2, {}, {}),
      set('DaemonSet', null),
      set('StatefulSet', { type: 'RollingUpdate' }),
    ),
    breaks: manifests(
      deploymentOf(2, {}, { type: 'Recreate' }),
      set('DaemonSet', { type: 'OnDelete' }),
      set('StatefulSet', { type: 'OnDelete' }),
    ),
  },
});
