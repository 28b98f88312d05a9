import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { type Context, control, fail, pass } from '../control';
import { cronJob, deployment, manifests, pod } from '../pod-examples';
import { celHas, child, minor, podCel, workload } from '../pod-template';
import { Severity } from '../severity';

/** Sysctls that touch their own pod only, by the minor version from which the standard allows them. */
const SAFE: readonly (readonly [since: number, names: readonly string[]])[] = [
  [
    0,
    [
      'kernel.shm_rmid_forced',
      'net.ipv4.ip_local_port_range',
      'net.ipv4.ip_unprivileged_port_start',
      'net.ipv4.ping_group_range',
      'net.ipv4.tcp_syncookies',
    ],
  ],
  [27, ['net.ipv4.ip_local_reserved_ports']],
  [29, ['net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl', 'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_keepalive_time']],
  [32, ['net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem']],
  [37, ['net.ipv4.tcp_notsent_lowat', 'net.ipv4.tcp_slow_start_after_idle']],
];
const safeIn = (version: number): string[] => SAFE.flatMap(([since, names]) => (version >= since ? names : []));

const sysctl = (name: string, value: string): JsonObject => ({ securityContext: { sysctls: [{ name, value }] } });

/** PSS baseline, check sysctls; the list of what is safe grows with the versions of Kubernetes. */
export const sysctls = control({
  ...workload,
  id: 'K-POD-11',
  title: 'pods set only kernel parameters that are their own',
  because: 'other sysctls change the kernel for every pod of the node, or switch one of its defences off',
  severity: Severity.MEDIUM,
  boundary: 'pod',
  judge: ({ spec, specPath }, context: Context) => {
    const list = child(spec, 'securityContext').sysctls;
    if (!Array.isArray(list) || list.length === 0) return pass;
    const safe = safeIn(minor(context));
    const name = (entry: Json): string => (isJsonObject(entry) ? String(entry.name ?? '') : '');
    const first = list.findIndex((entry) => !safe.includes(name(entry)));
    if (first < 0) return pass;
    const unsafe = list.map(name).filter((one) => !safe.includes(one));
    return fail(
      `the pod sets the sysctls ${unsafe.join(', ')}, it must set none but those that Kubernetes ${context.kubernetes} calls safe`,
      `${specPath}.securityContext.sysctls[${first}]`,
    );
  },
  remedy: 'remove the sysctl, or set it on the nodes for all of their pods',
  references: {
    pss: 'baseline',
    nsa: ['pod-security'],
    scanners: { 'kube-linter': ['unsafe-sysctls'], trivy: ['KSV-0026'] },
  },
  // The list of the oldest version in standard support: admission stays stricter than the standard of newer ones.
  cel: podCel(
    (spec) =>
      `!${celHas(
        spec,
        'securityContext.sysctls',
        (list) =>
          `!${list}.all(s, s.name in [${safeIn(34)
            .map((name) => `'${name}'`)
            .join(', ')}])`,
      )}`,
  ),
  examples: {
    holds: manifests(
      pod(),
      pod(sysctl('net.ipv4.ip_unprivileged_port_start', '80')),
      deployment(pod(sysctl('net.ipv4.tcp_keepalive_time', '600'))),
    ),
    breaks: manifests(pod(sysctl('kernel.msgmax', '65536')), cronJob(pod(sysctl('net.core.somaxconn', '1024')))),
  },
});
