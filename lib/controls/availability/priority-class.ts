import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { podCel, podTemplateSubjects } from '../pod-template';
import { Severity } from '../severity';
import { availability } from './serving';

export const priorityClass = control({
  ...availability,
  id: 'K-AVL-08',
  title: 'pods have a priority class',
  because: 'when nodes are full it says who waits; without one a batch job keeps out what earns the money',
  severity: Severity.LOW,
  maturity: 'incubating',
  subjects: podTemplateSubjects,
  judge: ({ object, spec, specPath }) =>
    typeof spec.priorityClassName === 'string' && spec.priorityClassName !== ''
      ? pass
      : fail(`the pods of ${object.kind} ${object.name} have no priority class, they must have one`, `${specPath}.priorityClassName`),
  remedy: 'set priorityClassName to a class of the platform; the default class of a cluster, where it has one, does for the others',
  references: { scanners: { 'kube-linter': ['priority-class-name'], polaris: ['priorityClassNotSet'] } },
  cel: podCel((spec) => `has(${spec}.priorityClassName) && ${spec}.priorityClassName != ''`),
  examples: {
    holds: manifests(pod({ priorityClassName: 'customer-facing' }), cronJob(pod({ priorityClassName: 'batch' }))),
    breaks: manifests(pod(), deployment(pod({ priorityClassName: '' })), cronJob(pod())),
  },
});
