import {
  type Inventory,
  isJsonObject,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  listOf,
  selectsByMap,
} from '../inventory';
import { type Addresses, ANY_HOST, addressesOf, INTERNET, type Range, readRange, withoutAddresses } from './addresses';
import { isPort, meetPorts, NO_PORTS, onePort, type Ports, PROTOCOLS, type Protocol, portsOf, unitePorts } from './ports';
import type { Reach } from './reach';
import type { Standing } from './standing';
import type { Workload } from './world';

/** A way from outside of the cluster to a workload: a load balancer, a port of the nodes, a route. */
export interface Exposure {
  /** `internet`, or a range of addresses that alone is let in. */
  readonly from: string;
  /** Number of the workload. */
  readonly workload: number;
  /** What a client connects to; the pods may listen on another port. */
  readonly ports: Ports;
  readonly standing: Standing;
  readonly via: KubernetesObject;
  readonly because: string;
}

/** How a Service or an Ingress is reached from outside. */
interface Front {
  readonly via: KubernetesObject;
  readonly from: readonly string[];
  /** Whether it is there at all; `undecided` where another program decides. */
  readonly certain: boolean;
  /** Whether pods see the address of the client, or of the node that passed it on. */
  readonly seesClient: boolean;
  readonly seesNode: boolean;
  readonly because: string;
}

const INTERNET_NAME = 'internet';
const LB = 'service.beta.kubernetes.io/aws-load-balancer';
const ALB = 'alb.ingress.kubernetes.io';
const NODE_PORTS = { first: 30_000, last: 32_767 };

/** Every way from outside to the workloads of a world, through Services, Ingresses, routes of the Gateway API and target groups. */
export function exposures(inventory: Inventory, reach: Reach): Exposure[] {
  return new Exposing(inventory, reach).all();
}

class Exposing {
  private readonly services: readonly KubernetesObject[];
  private readonly balancers: { readonly addresses: Addresses; readonly exact: boolean };
  private readonly found: Exposure[] = [];

  constructor(
    private readonly inventory: Inventory,
    private readonly reach: Reach,
  ) {
    this.services = inventory.ofKind('Service').filter(({ apiVersion }) => apiVersion === 'v1');
    this.balancers = balancerAddresses(inventory);
  }

  all(): Exposure[] {
    for (const service of this.services) this.service(service);
    for (const ingress of this.inventory.ofKind('Ingress')) this.ingress(ingress);
    for (const kind of ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'])
      for (const route of this.inventory.ofKind(kind)) this.route(route);
    for (const binding of this.inventory.ofKind('TargetGroupBinding')) this.binding(binding);
    return this.found;
  }

  private service(via: KubernetesObject): void {
    const spec = specOf(via);
    const type = spec.type ?? 'ClusterIP';
    if (type !== 'LoadBalancer' && type !== 'NodePort' && !(Array.isArray(spec.externalIPs) && spec.externalIPs.length > 0)) return;
    const isLocal = spec.externalTrafficPolicy === 'Local';
    for (const port of portsIn(spec)) {
      if (type === 'LoadBalancer') {
        const front = this.balancer(via, spec, isLocal);
        if (front !== undefined) this.expose(front, via, port, onePort(port.protocol, port.port));
        continue;
      }
      const ports =
        type === 'ClusterIP'
          ? onePort(port.protocol, port.port)
          : port.nodePort === undefined
            ? portsOf(port.protocol, NODE_PORTS.first, NODE_PORTS.last)
            : onePort(port.protocol, port.nodePort);
      const because = 'whether the nodes are reached from the internet is for their security groups and routes to say';
      this.expose({ via, from: [INTERNET_NAME], certain: false, seesClient: isLocal, seesNode: !isLocal, because }, via, port, ports);
    }
  }

  /** The load balancer of a Service; undefined for one inside the network. */
  private balancer(via: KubernetesObject, spec: JsonObject, isLocal: boolean): Front | undefined {
    const notes = annotationsOf(via);
    const scheme = notes[`${LB}-scheme`];
    const isInternal = scheme === 'internal' || (scheme === undefined && isYes(notes[`${LB}-internal`]));
    if (isInternal) return undefined;
    const byController = spec.loadBalancerClass !== undefined || ['external', 'nlb-ip'].includes(String(notes[`${LB}-type`]));
    if (scheme === undefined && byController) return undefined;
    const byAddress = notes[`${LB}-nlb-target-type`] === 'ip' || notes[`${LB}-type`] === 'nlb-ip';
    const ranges =
      rangesIn(spec.loadBalancerSourceRanges) ??
      rangesIn(notes[`${LB}-source-ranges`]) ??
      rangesIn(notes['service.beta.kubernetes.io/load-balancer-source-ranges']);
    return {
      via,
      from: fromOf(ranges),
      certain: scheme === 'internet-facing',
      seesClient: isLocal || byAddress,
      seesNode: !isLocal && !byAddress,
      because:
        scheme === undefined
          ? 'which controller makes the load balancer decides whether it faces the internet'
          : `the scheme of its load balancer is ${String(scheme)}`,
    };
  }

  private ingress(via: KubernetesObject): void {
    const spec = specOf(via);
    const notes = annotationsOf(via);
    const className = spec.ingressClassName ?? notes['kubernetes.io/ingress.class'];
    const isAlb = className === 'alb' || Object.keys(notes).some((key) => key.startsWith(`${ALB}/`));
    const scheme = notes[`${ALB}/scheme`];
    if (isAlb && scheme !== 'internet-facing' && scheme !== undefined) return;
    const front: Front = isAlb
      ? {
          via,
          from: fromOf(rangesIn(notes[`${ALB}/inbound-cidrs`])),
          certain: scheme === 'internet-facing',
          seesClient: false,
          seesNode: notes[`${ALB}/target-type`] !== 'ip',
          because:
            scheme === undefined ? 'the class of the Ingress may set a scheme' : `the scheme of its load balancer is ${String(scheme)}`,
        }
      : {
          via,
          from: [INTERNET_NAME],
          certain: false,
          seesClient: false,
          seesNode: true,
          because: `the controller of class ${String(className ?? 'default')} decides who reaches it`,
        };
    // Without a scheme the load balancer is internal, unless its class says otherwise.
    if (isAlb && scheme === undefined && this.inventory.ofKind('IngressClassParams').length === 0) return;
    const ports = listening(spec, notes);
    for (const { name, port } of backendsOf(spec)) this.backend(front, name, port, ports);
  }

  private route(via: KubernetesObject): void {
    const front: Front = {
      via,
      from: [INTERNET_NAME],
      certain: false,
      seesClient: false,
      seesNode: true,
      because: 'the Gateway of the route decides who reaches it',
    };
    const protocol = via.kind === 'UDPRoute' ? 'UDP' : 'TCP';
    const parents = listIn(specOf(via).parentRefs).filter(isJsonObject);
    const ports = parents.reduce<Ports>((sum, parent) => {
      const gateway = this.inventory
        .ofKind('Gateway')
        .find(
          ({ name, namespace }) => name === parent.name && (namespace ?? 'default') === (parent.namespace ?? via.namespace ?? 'default'),
        );
      const listeners = gateway === undefined ? [] : listIn(specOf(gateway).listeners).filter(isJsonObject);
      return listeners.reduce(
        (own, { name, port }) =>
          isPort(port) && (parent.sectionName === undefined || parent.sectionName === name)
            ? unitePorts(own, onePort(protocol, port))
            : own,
        sum,
      );
    }, NO_PORTS);
    for (const rule of listIn(specOf(via).rules).filter(isJsonObject)) {
      for (const backend of listIn(rule.backendRefs).filter(isJsonObject)) {
        const other = typeof backend.namespace === 'string' ? backend.namespace : via.namespace;
        this.backend({ ...front, via }, String(backend.name), backend.port, ports.length === 0 ? portsOf(protocol) : ports, other);
      }
    }
  }

  private binding(via: KubernetesObject): void {
    const { serviceRef } = specOf(via);
    if (!isJsonObject(serviceRef)) return;
    const front: Front = {
      via,
      from: [INTERNET_NAME],
      certain: false,
      seesClient: true,
      seesNode: true,
      because: 'the load balancer of the target group is made elsewhere',
    };
    this.backend(front, String(serviceRef.name), serviceRef.port, portsOf('TCP'));
  }

  private backend(front: Front, name: string, port: Json | undefined, ports: Ports, namespace = front.via.namespace): void {
    const service = this.services.find((other) => other.name === name && (other.namespace ?? 'default') === (namespace ?? 'default'));
    if (service === undefined) return;
    for (const one of portsIn(specOf(service)))
      if (port === undefined || port === one.port || port === one.name) this.expose(front, service, one, ports);
  }

  private expose(front: Front, service: KubernetesObject, port: ServicePort, ports: Ports): void {
    const namespace = service.namespace ?? 'default';
    this.reach.world.workloads.forEach((workload, number) => {
      if (workload.namespace !== namespace || !selectsByMap(specOf(service).selector, workload.labels as JsonObject)) return;
      const inner = targetOf(port, workload);
      if (inner === undefined) return;
      for (const from of front.from) {
        const standing = this.standing(front, from, number, onePort(port.protocol, inner));
        if (standing !== undefined) this.found.push({ from, workload: number, ports, standing, via: front.via, because: front.because });
      }
    });
  }

  /** Whether the policies of the workload let it in; undefined where they keep it out. */
  private standing(front: Front, from: string, workload: number, inner: Ports): Standing | undefined {
    const { reach } = this;
    const has = (ports: Ports): boolean => meetPorts(ports, inner).length > 0;
    const clients = from === INTERNET_NAME ? INTERNET : addressesOf([readRange(from) as Range]);
    // Where only a wide range is known that an address lies in, policies have to let in all of it.
    const throughBalancer = reach.outside(workload, 'ingress', this.balancers.addresses);
    const seen = [
      ...(front.seesClient ? [reach.outside(workload, 'ingress', clients)] : []),
      ...(front.seesNode ? [reach.outside(workload, 'ingress', reach.world.addresses, true)] : []),
      this.balancers.exact ? throughBalancer : reach.outside(workload, 'ingress', this.balancers.addresses, true),
    ];
    const isIn = (key: 'allowed' | 'unenforced' | 'undecided'): boolean => seen.some((verdict) => has(verdict[key]));
    const isOpen = has(reach.openPorts(workload, 'ingress', 'sure'));
    if ((isOpen || isIn('allowed')) && reach.world.doubts.length === 0) return front.certain ? 'allowed' : 'undecided';
    if (isIn('unenforced') || has(throughBalancer.unenforced)) return front.certain ? 'unenforced' : 'undecided';
    // A node reaches its own pods whatever policies say, and passes traffic on under its own address.
    return isIn('undecided') || front.seesNode || has(throughBalancer.allowed) || has(throughBalancer.undecided) ? 'undecided' : undefined;
  }
}

interface ServicePort {
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly target: Json;
  readonly nodePort?: number;
}

function portsIn(spec: JsonObject): ServicePort[] {
  return listIn(spec.ports)
    .filter(isJsonObject)
    .flatMap(({ name, protocol, port, targetPort, nodePort }) => {
      const found = PROTOCOLS.find((known) => known === (protocol ?? 'TCP'));
      if (found === undefined || !isPort(port)) return [];
      return [
        {
          name: typeof name === 'string' ? name : undefined,
          protocol: found,
          port,
          target: targetPort ?? port,
          nodePort: isPort(nodePort) ? nodePort : undefined,
        },
      ];
    });
}

/** The port of a pod behind a port of a Service; undefined where the pod has no port of that name. */
function targetOf({ protocol, target }: ServicePort, { named }: Workload): number | undefined {
  if (isPort(target)) return target;
  return typeof target === 'string' ? named.get(`${protocol} ${target}`) : undefined;
}

/** Services that an Ingress sends requests to. */
function backendsOf(spec: JsonObject): { readonly name: string; readonly port: Json | undefined }[] {
  const backends = [
    spec.defaultBackend,
    ...listIn(spec.rules)
      .flatMap((rule) => (isJsonObject(rule) && isJsonObject(rule.http) ? listIn(rule.http.paths) : []))
      .map((path) => (isJsonObject(path) ? path.backend : undefined)),
  ];
  return backends.flatMap((backend) => {
    const service = isJsonObject(backend) ? backend.service : undefined;
    if (!isJsonObject(service) || typeof service.name !== 'string') return [];
    const port = isJsonObject(service.port) ? (service.port.number ?? service.port.name) : undefined;
    return [{ name: service.name, port }];
  });
}

/** The ports on which an Ingress listens: what the annotation lists, else 80, or 443 where it has a certificate. */
function listening(spec: JsonObject, notes: JsonObject): Ports {
  const listed = notes[`${ALB}/listen-ports`];
  const numbers =
    typeof listed === 'string' ? [...listed.matchAll(/:\s*(\d{1,5})\b/g)].map(([, digits]) => Number(digits)).filter(isPort) : [];
  if (numbers.length > 0) return numbers.reduce<Ports>((sum, port) => unitePorts(sum, onePort('TCP', port)), NO_PORTS);
  if (notes[`${ALB}/certificate-arn`] !== undefined) return onePort('TCP', 443);
  return Array.isArray(spec.tls) ? unitePorts(onePort('TCP', 80), onePort('TCP', 443)) : onePort('TCP', 80);
}

/** Where load balancers have their addresses: the subnets that are tagged for those that face the internet, else somewhere in the VPC. */
function balancerAddresses(inventory: Inventory): { readonly addresses: Addresses; readonly exact: boolean } {
  const tagged = inventory
    .ofType('AWS::EC2::Subnet')
    .filter(({ properties }) => listOf(properties.Tags).some((tag) => isObject(tag) && tag.Key === 'kubernetes.io/role/elb'));
  const ranges = tagged
    .map(({ properties: { CidrBlock } }) => (typeof CidrBlock === 'string' ? readRange(CidrBlock) : undefined))
    .filter((range) => range !== undefined);
  if (ranges.length > 0 && ranges.length === tagged.length) return { addresses: addressesOf(ranges), exact: true };
  return { addresses: withoutAddresses(ANY_HOST, INTERNET), exact: false };
}

function rangesIn(value: Json | undefined): readonly string[] | undefined {
  const list = typeof value === 'string' ? value.split(',') : Array.isArray(value) ? value.map(String) : undefined;
  const ranges = list?.map((text) => readRange(text.trim())?.text).filter((text) => text !== undefined);
  return ranges === undefined || ranges.length === 0 ? undefined : ranges;
}

/** Who is let in: every address is the internet. */
function fromOf(ranges: readonly string[] | undefined): string[] {
  return ranges === undefined ? [INTERNET_NAME] : [...new Set(ranges.map((text) => (text.endsWith('/0') ? INTERNET_NAME : text)))];
}

function specOf({ object }: KubernetesObject): JsonObject {
  return isJsonObject(object.spec) ? object.spec : {};
}

function annotationsOf({ object }: KubernetesObject): JsonObject {
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  return isJsonObject(metadata.annotations) ? metadata.annotations : {};
}

function listIn(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function isYes(value: Json | undefined): boolean {
  return ['true', '1', '0.0.0.0/0'].includes(String(value));
}
