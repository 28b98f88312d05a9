import { isJsonObject, type JsonObject } from '../../inventory/value';
import { control } from '../control';
import { cronJob, manifests, pod, podOf, withInit } from '../pod-examples';
import { child, everyContainer, isSet, workload } from '../pod-template';
import { Severity } from '../severity';
import { quantity } from './quantity';

/** A request that is missing is the limit, and a missing limit is K-RES-04. */
function overcommitted(body: JsonObject): string | undefined {
  if (!isJsonObject(body.resources)) return undefined;
  const request = child(body.resources, 'requests').memory;
  const limit = child(body.resources, 'limits').memory;
  if (!isSet(request) || !isSet(limit)) return undefined;
  if (request === limit || quantity(request as string) === quantity(limit as string)) return undefined;
  return `requests ${request} of memory and may use ${limit}, both must be the same`;
}

export const memoryOvercommit = control({
  ...workload,
  id: 'K-RES-05',
  title: 'containers request the memory they may use',
  because: 'memory that was promised twice is taken back by killing a pod, and which one is luck',
  severity: Severity.LOW,
  maturity: 'incubating',
  category: 'governance',
  judge: (pod) => everyContainer(pod, 'resources.requests.memory', overcommitted),
  remedy: 'set resources.requests.memory to the value of the limit',
  references: { scanners: { 'kube-score': ['container-memory-requests-equal-limits'] } },
  examples: {
    holds: manifests(
      pod(),
      podOf({ resources: { requests: { memory: '1Gi' }, limits: { memory: '1024Mi' } } }),
      podOf({ resources: { limits: { memory: '256Mi' } } }),
    ),
    breaks: manifests(
      podOf({ resources: { requests: { memory: '128Mi' }, limits: { memory: '256Mi' } } }),
      cronJob(podOf({ resources: { requests: { memory: '1G' }, limits: { memory: '1Gi' } } })),
      withInit(pod(), { resources: { requests: { memory: '1Mi' }, limits: { memory: '2Mi' } } }),
    ),
  },
});
