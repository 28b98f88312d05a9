import { control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { podCel, workload } from '../pod-template';
import { Severity } from '../severity';

export const hostAliases = control({
  ...workload,
  id: 'K-POD-14',
  title: 'pods resolve names by DNS alone',
  because: 'an entry of /etc/hosts sends a known name to another address, and nobody who reads the Services sees it',
  severity: Severity.LOW,
  boundary: 'pod',
  judge: ({ spec: { hostAliases }, specPath }) =>
    Array.isArray(hostAliases) && hostAliases.length > 0
      ? fail(`the pod has ${hostAliases.length} hostAliases, it must have none`, `${specPath}.hostAliases`)
      : pass,
  remedy: 'remove hostAliases; make a Service without a selector, or a DNS record, for the name',
  references: { scanners: { kubesec: ['HostAliases'], trivy: ['KSV-0007'] } },
  cel: podCel((spec) => `!has(${spec}.hostAliases) || ${spec}.hostAliases.size() == 0`),
  examples: {
    holds: manifests(pod(), deployment(pod({ hostAliases: [] }))),
    breaks: manifests(
      pod({ hostAliases: [{ ip: '10.0.0.1', hostnames: ['db.example.com'] }] }),
      cronJob(pod({ hostAliases: [{ ip: '127.0.0.1', hostnames: ['tracker.example.com'] }] })),
    ),
  },
});
