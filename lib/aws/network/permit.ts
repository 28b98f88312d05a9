import { type ISecurityGroup, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import type { Flow } from './flow';

/** One end of a flow: a security group of ours, or addresses outside. */
export interface Party {
  readonly name: string;
  readonly group?: ISecurityGroup;
  readonly cidr?: string;
}

/** Writes the rules of a flow on the groups at its ends. */
export function permit(flow: Flow, source: Party, destination: Party): void {
  const [from, to] = flow.ports.split('-').map(Number);
  const port = flow.protocol === 'UDP' ? Port.udpRange(from, to ?? from) : to === undefined ? Port.tcp(from) : Port.tcpRange(from, to);
  const peer = (party: Party) => party.group ?? Peer.ipv4(party.cidr ?? '');
  const description = `${flow.name}: ${flow.purpose}`.replace(/[^a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]/g, ' ').slice(0, 255);
  // In the stack of whoever connects: a network must not refer to the clusters in it, or the two could not stand in two stacks.
  destination.group?.addIngressRule(peer(source), port, description, true);
  source.group?.addEgressRule(peer(destination), port, description);
}
