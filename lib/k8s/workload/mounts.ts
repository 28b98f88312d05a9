import { Size } from 'cdk8s';
import { type AbstractPod, type Container, Volume } from 'cdk8s-plus-28';
import { reachesRuntimeSocket } from '../../controls/runtime-sockets';
import { InputError } from '../../error';
import { PodSecurityLevel } from '../tenancy/pod-security';
import type { Tenant } from '../tenancy/tenant';
import type { ContainerProps, HostPath } from './container';
import { kibibytes } from './resources';

function absolute(path: string, host: AbstractPod): string {
  if (!/^\/[^/]/.test(path) || path.includes(':') || path.split('/').includes('..')) {
    throw new InputError('PathInvalid', `'${path}' is no absolute path of a folder; write it as '/var/cache'`, { path: host.node.path });
  }
  return path.replace(/\/+$/, '');
}

/** A volume name that says whose and what it is, and stays the same when other containers come and go. */
function volumeName(container: Container, path: string): string {
  const text = `${container.name}${path.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`.replace(/-+$/, '');
  return text.length <= 63 ? text : text.slice(-63).replace(/^-+/, '');
}

/** An empty volume with an end for each path a container writes to. */
export function writablePaths(host: AbstractPod, container: Container, props: ContainerProps): void {
  const sizeLimit = Size.mebibytes(Math.ceil(kibibytes(props.writableSize ?? Size.mebibytes(64)) / 1024));
  for (const path of props.writablePaths ?? []) {
    const name = volumeName(container, absolute(path, host));
    container.mount(path, Volume.fromEmptyDir(host, name, name, { sizeLimit }));
  }
}

/** Folders of the node, each with the exemption that lets it in. Throws `RuntimeSocket` or `PodSecurityLevel`. */
export function hostPaths(host: AbstractPod, container: Container, paths: readonly HostPath[], tenant: Tenant | undefined): void {
  for (const { path, mountPath, exemption, writable } of paths) {
    if (reachesRuntimeSocket(absolute(path, host))) {
      throw new InputError(
        'RuntimeSocket',
        `'${path}' holds the socket of a container runtime, which makes the pod root on its node; mount a narrower path`,
        {
          path: host.node.path,
        },
      );
    }
    if (tenant !== undefined && tenant.podSecurityLevel !== PodSecurityLevel.PRIVILEGED) {
      throw new InputError(
        'PodSecurityLevel',
        `the namespace '${tenant.namespaceName}' enforces '${tenant.podSecurityLevel}', which refuses the host path '${path}'; give the tenant podSecurity: PodSecurity.privileged(exemption)`,
        { path: host.node.path },
      );
    }
    exemption.attach(host, 'K-POD-05');
    exemption.attach(host, 'K-POD-08');
    writable?.attach(host, 'K-POD-06');
    const name = volumeName(container, path);
    container.mount(mountPath ?? path, Volume.fromHostPath(host, name, name, { path }), { readOnly: writable === undefined });
  }
}
