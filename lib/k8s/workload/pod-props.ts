import { Duration, Size } from 'cdk8s';
import type * as plus from 'cdk8s-plus-28';
import { Cpu, Probe } from 'cdk8s-plus-28';
import { InputError } from '../../error';
import type { ContainerProps, Resources } from './container';
import { cpuQuantity, kibibytes, millis, quantity } from './resources';
import type { WorkloadProps } from './workload';

/** What a container's resources come out as; plus itself cannot write all of it. */
export interface ContainerQuantities {
  readonly requests: { readonly [resource: string]: string };
  readonly limits: { readonly [resource: string]: string };
}

/** Whether pods answer requests for as long as they live, or run to an end. */
export type Lifetime = 'serves' | 'ends';

/** Our props as cdk8s-plus understands them, without what only a construct below the workload can hold. */
export function podProps(props: WorkloadProps, lifetime: Lifetime, path: string): plus.AbstractPodProps {
  if (props.containers.length === 0) {
    throw new InputError('NoContainer', `'${path}' has no container; name at least one`, { path });
  }
  const names = new Set<string>();
  for (const [index, container] of [...props.containers, ...(props.initContainers ?? [])].entries()) {
    const initial = index - props.containers.length;
    const name = container.name ?? (initial >= 0 ? `init-${initial}` : 'main');
    if (names.has(name)) {
      throw new InputError('ContainerNameTaken', `two containers of '${path}' are called '${name}'; give each its own name`, { path });
    }
    names.add(name);
  }
  return {
    containers: props.containers.map((container) => containerProps(container, lifetime)),
    initContainers: props.initContainers?.map((container) => containerProps(container, 'ends')),
    volumes: props.volumes,
    dockerRegistryAuth: props.dockerRegistryAuth,
    automountServiceAccountToken: props.apiAccess !== undefined,
    terminationGracePeriod: props.terminationGracePeriod,
    securityContext: props.fsGroup === undefined ? undefined : { fsGroup: props.fsGroup },
  };
}

function containerProps(props: ContainerProps, lifetime: Lifetime): plus.ContainerProps {
  const port = lifetime === 'serves' ? props.portNumber : undefined;
  return {
    image: props.image.reference,
    name: props.name,
    portNumber: port,
    // plus invents a startup probe for `portNumber`, which would kill a job that never listens for long.
    ports: port === props.portNumber ? props.ports : [{ number: props.portNumber! }, ...(props.ports ?? [])],
    command: props.command,
    args: props.args,
    workingDir: props.workingDir,
    envVariables: { ...props.envVariables },
    envFrom: props.envFrom && [...props.envFrom],
    lifecycle: props.lifecycle,
    readiness:
      props.readiness ?? tcp(port, { periodSeconds: Duration.seconds(10), failureThreshold: 3, timeoutSeconds: Duration.seconds(2) }),
    liveness:
      props.liveness ?? tcp(port, { periodSeconds: Duration.seconds(20), failureThreshold: 6, timeoutSeconds: Duration.seconds(5) }),
    startup: props.startup ?? tcp(port, { periodSeconds: Duration.seconds(5), failureThreshold: 30, timeoutSeconds: Duration.seconds(2) }),
    // plus writes whole MiB of memory only and whole GiB of disk; what it writes is replaced by `quantities` after its field filter, and
    // given to it so that its own checks (autoscaling) know the container has resources.
    resources: {
      cpu: { request: Cpu.millis(cpuRequest(props.resources)), limit: Cpu.millis(cpuLimit(props.resources)) },
      memory: { request: wholeMebibytes(memory(props.resources)), limit: wholeMebibytes(memory(props.resources)) },
    },
    volumeMounts: [...(props.volumeMounts ?? [])],
    securityContext: { user: props.image.uid, group: props.image.gid },
  };
}

function tcp(port: number | undefined, options: plus.ProbeOptions): plus.Probe | undefined {
  return port === undefined ? undefined : Probe.fromTcpSocket({ port, ...options });
}

const cpuRequest = (resources?: Resources) => millis(resources?.cpu ?? Cpu.millis(100));
const cpuLimit = (resources?: Resources) => (resources?.cpuLimit === undefined ? 4 * cpuRequest(resources) : millis(resources.cpuLimit));
const memory = (resources?: Resources) => resources?.memory ?? Size.mebibytes(256);
const wholeMebibytes = (size: Size) => Size.mebibytes(Math.ceil(kibibytes(size) / 1024));

/** Requests and limits of a container, with the defaults. Throws `LimitBelowRequest`. */
export function quantities(resources: Resources | undefined, path: string): ContainerQuantities {
  const cpu = { request: cpuRequest(resources), limit: cpuLimit(resources) };
  const disk = resources?.ephemeralStorage ?? Size.mebibytes(256);
  const gibibyte = Size.gibibytes(1);
  const diskLimit = resources?.ephemeralStorageLimit ?? (kibibytes(disk) > kibibytes(gibibyte) ? disk : gibibyte);
  if (cpu.limit < cpu.request) throw below('cpuLimit', cpuQuantity(cpu.limit), cpuQuantity(cpu.request), path);
  if (kibibytes(diskLimit) < kibibytes(disk)) throw below('ephemeralStorageLimit', quantity(diskLimit), quantity(disk), path);
  const size = quantity(memory(resources));
  return {
    limits: { cpu: cpuQuantity(cpu.limit), 'ephemeral-storage': quantity(diskLimit), memory: size },
    requests: { cpu: cpuQuantity(cpu.request), 'ephemeral-storage': quantity(disk), memory: size },
  };
}

function below(what: string, limit: string, request: string, path: string): InputError {
  return new InputError('LimitBelowRequest', `${what} '${limit}' is below the request '${request}'; raise it`, { path });
}
