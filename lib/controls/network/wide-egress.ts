import { BlockList, isIP } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { firewall, policies, policy } from './policies';

/** Instance metadata, which gives away the credentials of the node. */
const METADATA = [
  ['169.254.169.254', 'ipv4'],
  ['fd00:ec2::254', 'ipv6'],
] as const;
const DNS = 53;
const EVERYWHERE = /\/0$/;
const NONE: readonly Json[] = [];
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : NONE);

/** Whether a range holds an address; a range that cannot be read holds nothing, and the API server refuses it. */
function contains(cidr: Json | undefined, address: string, family: 'ipv4' | 'ipv6'): boolean {
  const [ip, bits] = typeof cidr === 'string' ? cidr.split('/') : [];
  const version = isIP(ip ?? '');
  const prefix = Number(bits);
  if (version === 0 || bits === undefined || !Number.isInteger(prefix) || prefix < 0 || prefix > (version === 4 ? 32 : 128)) return false;
  if ((version === 4) !== (family === 'ipv4')) return false;
  const range = new BlockList();
  range.addSubnet(ip, prefix, family);
  return range.check(address, family);
}

/** What is wrong with a block of addresses. */
function problem({ cidr, except }: JsonObject): string | undefined {
  if (EVERYWHERE.test(String(cidr))) return `leads everywhere by ${cidr}, it must name the ranges that are meant`;
  const open = METADATA.find(
    ([address, family]) => contains(cidr, address, family) && !list(except).some((part) => contains(part, address, family)),
  );
  return open && `reaches the instance metadata at ${open[0]} by ${cidr}, except must leave it out`;
}

/** Name resolution and nothing else. */
const isDns = (ports: readonly Json[]): boolean =>
  ports.length > 0 &&
  ports.every((entry) => isJsonObject(entry) && entry.port === DNS && (entry.endPort === undefined || entry.endPort === DNS));

const to = (cidr: string, except?: string[]): JsonObject =>
  policy({
    podSelector: {},
    egress: [{ to: [{ ipBlock: { cidr, ...(except === undefined ? {} : { except }) } }], ports: [{ port: 443 }] }],
  });

export const wideEgress = control({
  ...firewall,
  id: 'K-NET-05',
  title: 'policies do not let pods out everywhere, nor to instance metadata',
  because: 'what breaks into a pod fetches its tools and carries the data out through the widest rule',
  severity: Severity.MEDIUM,
  subjects: policies,
  judge: ({ name, object }) => {
    for (const [index, rule] of list(child(object, 'spec').egress).entries()) {
      if (!isJsonObject(rule)) continue;
      const at = `spec.egress[${index}]`;
      const peers = list(rule.to);
      if (peers.length === 0 && !isDns(list(rule.ports)))
        return fail(`egress rule ${index} of NetworkPolicy ${name} names no destination, which is every one there is`, at);
      for (const [position, peer] of peers.entries()) {
        const said = isJsonObject(peer) && isJsonObject(peer.ipBlock) ? problem(peer.ipBlock) : undefined;
        if (said !== undefined) return fail(`egress rule ${index} of NetworkPolicy ${name} ${said}`, `${at}.to[${position}].ipBlock.cidr`);
      }
    }
    return pass;
  },
  remedy: 'name the ranges or the pods that are meant; what has to reach the internet goes through a proxy',
  references: { nsa: ['network'], scanners: { kubescape: ['C-0052', 'C-0301'] } },
  examples: {
    holds: manifests(
      policy({ podSelector: {}, policyTypes: ['Egress'] }),
      to('10.0.0.0/8'),
      to('169.254.0.0/16', ['169.254.169.254/32']),
      to('169.254.170.23/32'),
      to('2001:db8::/32'),
      policy({
        podSelector: {},
        egress: [
          {
            ports: [
              { port: 53, protocol: 'UDP' },
              { port: 53, protocol: 'TCP' },
            ],
          },
        ],
      }),
      policy({ podSelector: {}, egress: [{ to: [{ namespaceSelector: {} }] }] }),
      policy({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }),
    ),
    breaks: manifests(
      to('0.0.0.0/0'),
      to('0.0.0.0/0', ['169.254.169.254/32']),
      to('::/0'),
      to('10.0.0.0/0'),
      to('169.254.0.0/16'),
      to('128.0.0.0/1'),
      to('fd00::/8'),
      to('169.254.0.0/16', ['169.254.170.0/24']),
      policy({ podSelector: {}, egress: [{}] }),
      policy({ podSelector: {}, egress: [{ ports: [{ port: 443 }] }] }),
      policy({ podSelector: {}, egress: [{ ports: [{ port: 53, endPort: 60000 }] }] }),
    ),
  },
});
