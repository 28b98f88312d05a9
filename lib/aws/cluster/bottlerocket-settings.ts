/** Settings of Bottlerocket that a cluster's nodes get beside those EKS adds (API server, certificate, cluster name). */
export interface BottlerocketSettings {
  /** Most processes a pod may have. */
  readonly podPidsLimit: number;
}

/**
 * User data of a Bottlerocket node, as TOML: the kernel locked against its own root, neither administration nor control container, the runtime's seccomp profile for
 * every container, serving certificates from the cluster's own authority. CIS Amazon EKS 3.2.7-3.2.9 for events and certificates.
 */
export function bottlerocketUserData(settings: BottlerocketSettings): string {
  return [
    '[settings.kernel]',
    'lockdown = "integrity"',
    '',
    '[settings.host-containers.admin]',
    'enabled = false',
    '',
    '[settings.host-containers.control]',
    'enabled = false',
    '',
    '[settings.kubernetes]',
    'seccomp-default = true',
    `pod-pids-limit = ${settings.podPidsLimit}`,
    'event-qps = 50',
    'server-tls-bootstrap = true',
    '',
  ].join('\n');
}
