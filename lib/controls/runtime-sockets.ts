/** Sockets of container runtimes: whoever opens one is root on the node. `/var/run` is another name of `/run`. */
const SOCKETS = [
  '/run/containerd/containerd.sock',
  '/run/cri-dockerd.sock',
  '/run/crio/crio.sock',
  '/run/docker.sock',
  '/run/dockershim.sock',
  '/run/host-containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/podman/podman.sock',
];

/** Between two names of a path: slashes, and steps that lead nowhere. */
const STEP = '/(?:\\.?/)*';

/** `/run/docker.sock` as nested options: each folder on the way holds the socket as well. */
function pattern(path: string): string {
  const [, root, ...names] = path.split('/');
  const inner = names.reduceRight((rest, name) => `(?:${STEP}${name.replaceAll('.', '\\.')}${rest})?`, '');
  return `(?:${STEP}(?:var${STEP})?${root}${inner})?`;
}

/** Paths of a node that are such a socket or a folder that holds one, in the syntax that JavaScript and RE2 share. */
export const RUNTIME_SOCKET_PATTERN = `^(?:${SOCKETS.map(pattern).join('|')})(?:/\\.?)*$`;

const REACHES = new RegExp(RUNTIME_SOCKET_PATTERN);

/** True when a mount of this path of the node shows the socket of a container runtime. */
export function reachesRuntimeSocket(path: string): boolean {
  return path.startsWith('/') && REACHES.test(path);
}
