import { InputError } from '../error';
import { isJsonObject, type Json, type KubernetesObject, type Source } from '../inventory';
import { type Range, readRange } from './addresses';
import { ALL_PORTS, isPort, NO_PORTS, onePort, type Ports, PROTOCOLS, type Protocol, portsOf, unitePorts } from './ports';
import { type Complaint, readSelector, type Selector } from './selector';

/** A range of addresses without some parts of it. */
export interface Block {
  readonly range: Range;
  readonly except: readonly Range[];
  /** `10.0.0.0/8`, `0.0.0.0/0 except 169.254.0.0/16`. */
  readonly text: string;
}

/** Pods by their labels: those of the policy's own namespace, or of namespaces by theirs. */
export interface PodPeer {
  /** Missing for the namespace of the policy. */
  readonly namespaces?: Selector;
  readonly pods: Selector;
}

/** A port by its name, which every pod resolves for itself. */
export interface PortName {
  readonly protocol: Protocol;
  readonly name: string;
}

/** What one rule of a policy lets through. */
export interface Rule {
  /** Anybody, when neither pods nor blocks are named. */
  readonly all: boolean;
  readonly pods: readonly PodPeer[];
  readonly blocks: readonly Block[];
  readonly ports: Ports;
  readonly names: readonly PortName[];
}

/** A NetworkPolicy. Rules are missing for a direction that it does not hold. */
export interface Policy {
  readonly object: KubernetesObject;
  /** `namespace/name` */
  readonly name: string;
  readonly namespace: string;
  readonly selects: Selector;
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** Where an error about a part of an object stands: its source, and the path inside it that gives the line. */
export function placeIn(object: KubernetesObject, at: string): Source {
  const { source } = object;
  return { ...source, within: source.within === undefined ? at : `${source.within}.${at}` };
}

/** Reads a NetworkPolicy with the defaults and the rules of the API server. Throws `PolicyInvalid`, `SelectorInvalid` or `CidrInvalid`. */
export function readPolicy(object: KubernetesObject): Policy {
  const namespace = object.namespace ?? 'default';
  const name = `${namespace}/${object.name}`;
  const spec = object.object.spec ?? {};
  if (!isJsonObject(spec))
    throw new InputError(
      'PolicyInvalid',
      `the spec of NetworkPolicy ${name} is no map; give it podSelector and policyTypes`,
      placeIn(object, 'spec'),
    );
  const selector: Complaint = (at, detail) => new InputError('SelectorInvalid', `NetworkPolicy ${name}: ${detail}`, placeIn(object, at));
  const wrong: Complaint = (at, detail) => new InputError('PolicyInvalid', `NetworkPolicy ${name}: ${detail}`, placeIn(object, at));
  const cidr: Complaint = (at, detail) => new InputError('CidrInvalid', `NetworkPolicy ${name}: ${detail}`, placeIn(object, at));

  const rulesOf = (direction: 'ingress' | 'egress'): Rule[] => {
    const end = direction === 'ingress' ? 'from' : 'to';
    return listOf(spec[direction], `spec.${direction}`, wrong).map((rule, index) => {
      const at = `spec.${direction}[${index}]`;
      if (!isJsonObject(rule)) throw wrong(at, `the rule is no map; write {} to allow everything`);
      const odd = Object.keys(rule).find((key) => key !== end && key !== 'ports');
      if (odd !== undefined) throw wrong(`${at}.${odd}`, `a rule of ${direction} has no '${odd}'; use ${end} and ports`);
      return { ...peersOf(rule[end], `${at}.${end}`), ...openedBy(rule.ports, `${at}.ports`) };
    });
  };

  const peersOf = (value: Json | undefined, at: string): Pick<Rule, 'all' | 'pods' | 'blocks'> => {
    const peers = listOf(value, at, wrong);
    const pods: PodPeer[] = [];
    const blocks: Block[] = [];
    peers.forEach((peer, index) => {
      const where = `${at}[${index}]`;
      if (!isJsonObject(peer)) throw wrong(where, 'the peer is no map; give it podSelector, namespaceSelector or ipBlock');
      const { podSelector, namespaceSelector, ipBlock } = peer;
      const byLabels = isThere(podSelector) || isThere(namespaceSelector);
      if (isThere(ipBlock) === byLabels) {
        throw wrong(
          where,
          byLabels
            ? 'a peer has both an ipBlock and a selector; make two peers of it'
            : 'a peer names nobody; give it podSelector, namespaceSelector or ipBlock',
        );
      }
      if (isThere(ipBlock)) blocks.push(blockOf(ipBlock, `${where}.ipBlock`));
      else
        pods.push({
          namespaces: isThere(namespaceSelector) ? readSelector(namespaceSelector, `${where}.namespaceSelector`, selector) : undefined,
          pods: readSelector(podSelector, `${where}.podSelector`, selector),
        });
    });
    return { all: peers.length === 0, pods, blocks };
  };

  const blockOf = (value: Json | undefined, at: string): Block => {
    if (!isJsonObject(value)) throw wrong(at, 'the ipBlock is no map; give it cidr');
    const rangeOf = (text: Json | undefined, where: string): Range => {
      const found = typeof text === 'string' ? readRange(text) : undefined;
      if (found === undefined) throw cidr(where, `'${String(text)}' is no range of addresses; write it as 10.0.0.0/8`);
      return found;
    };
    const range = rangeOf(value.cidr, `${at}.cidr`);
    const except = listOf(value.except, `${at}.except`, wrong).map((text, index) => {
      const part = rangeOf(text, `${at}.except[${index}]`);
      const isInside = part.first >= range.first && part.last <= range.last && part.last - part.first < range.last - range.first;
      if (!isInside)
        throw cidr(`${at}.except[${index}]`, `'${part.text}' is no part of '${range.text}'; except what lies inside it, or remove it`);
      return part;
    });
    const left = [...new Set(except.map(({ text }) => text))].sort();
    return { range, except, text: `${range.text}${left.length === 0 ? '' : ` except ${left.join(',')}`}` };
  };

  const openedBy = (value: Json | undefined, at: string): Pick<Rule, 'ports' | 'names'> => {
    const list = listOf(value, at, wrong);
    const names: PortName[] = [];
    let ports: Ports = list.length === 0 ? ALL_PORTS : NO_PORTS;
    list.forEach((entry, index) => {
      const where = `${at}[${index}]`;
      if (!isJsonObject(entry)) throw wrong(where, 'the port is no map; give it protocol and port');
      const protocol = PROTOCOLS.find((known) => known === (entry.protocol ?? 'TCP'));
      if (protocol === undefined)
        throw wrong(`${where}.protocol`, `there is no protocol '${String(entry.protocol)}'; use ${PROTOCOLS.join(', ')}`);
      const { port, endPort } = entry;
      if (!isThere(port)) {
        if (isThere(endPort)) throw wrong(`${where}.endPort`, `endPort ${String(endPort)} has no port to start at; add it`);
        ports = unitePorts(ports, portsOf(protocol));
      } else if (typeof port === 'string') {
        if (isThere(endPort)) throw wrong(`${where}.endPort`, `a range cannot start at the name '${port}'; give its number`);
        if (!/^(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(port))
          throw wrong(`${where}.port`, `'${port}' is no name of a port; give a number without quotes, or a name of at most 15 letters`);
        names.push({ protocol, name: port });
      } else {
        if (!isPort(port)) throw wrong(`${where}.port`, `port ${JSON.stringify(port)} is not between 1 and 65535; correct it`);
        if (isThere(endPort) && !(isPort(endPort) && endPort >= port))
          throw wrong(`${where}.endPort`, `endPort ${String(endPort)} is not between ${port} and 65535; correct it`);
        ports = unitePorts(ports, isPort(endPort) ? portsOf(protocol, port, endPort) : onePort(protocol, port));
      }
    });
    return { ports, names };
  };

  const types = listOf(spec.policyTypes, 'spec.policyTypes', wrong);
  const odd = types.find((type) => type !== 'Ingress' && type !== 'Egress');
  if (odd !== undefined) throw wrong('spec.policyTypes', `there is no policy type '${String(odd)}'; use Ingress and Egress`);
  const [ingress, egress] = [rulesOf('ingress'), rulesOf('egress')];
  // Without types every policy holds ingress, and egress as well when it has rules for it.
  const holdsIngress = types.length === 0 || types.includes('Ingress');
  const holdsEgress = types.length === 0 ? egress.length > 0 : types.includes('Egress');
  return {
    object,
    name,
    namespace,
    selects: readSelector(spec.podSelector, 'spec.podSelector', selector),
    ingress: holdsIngress ? ingress : undefined,
    egress: holdsEgress ? egress : undefined,
  };
}

function isThere(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

function listOf(value: Json | undefined, at: string, wrong: Complaint): readonly Json[] {
  if (!isThere(value)) return [];
  if (!Array.isArray(value)) throw wrong(at, `${at.split('.').pop()} is no list; start each entry with '- '`);
  return value;
}
