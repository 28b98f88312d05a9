import { CfnNetworkAcl, CfnNetworkAclEntry, type CfnSubnet, CfnSubnetNetworkAclAssociation, type CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';

interface Rule {
  readonly protocol: 'tcp' | 'icmp' | 'all';
  readonly cidr: string;
  readonly from?: number;
  readonly to?: number;
  readonly action?: 'deny';
}

const PROTOCOL = { icmp: 1, tcp: 6, all: -1 } as const;

/** What the NACLs of a network are made from. @internal */
export interface NetworkAclsProps {
  readonly vpc: CfnVPC;
  readonly cidr: string;
  readonly publicCidrs: readonly string[];
  readonly usesNat: boolean;
  readonly subnets: { readonly [tier: string]: readonly CfnSubnet[] };
}

/**
 * Coarse network ACLs by tier, at most ten rules a direction: the internet reaches only the public tier's 443 and answers, and the public tier does not reach
 * the isolated one. They do not filter the VPC's resolver, instance metadata or time: nothing here claims that.
 * @internal
 */
export class NetworkAcls extends Construct {
  constructor(scope: Construct, id: string, props: NetworkAclsProps) {
    super(scope, id);
    const any = '0.0.0.0/0';
    // Answers to connections from inside. The remote desktop port lies in the ephemeral range and is left out.
    const answers: Rule[] = [
      { protocol: 'tcp', cidr: any, from: 1024, to: 3388 },
      { protocol: 'tcp', cidr: any, from: 3390, to: 65535 },
    ];
    // Without it, connections over a path with a smaller packet size hang.
    const tooBig: Rule = { protocol: 'icmp', cidr: any };
    const inside: Rule = { protocol: 'all', cidr: props.cidr };
    const tiers: { [tier: string]: { ingress: Rule[]; egress: Rule[] } } = {
      Public: {
        ingress: [inside, { protocol: 'tcp', cidr: any, from: 443, to: 443 }, ...answers, tooBig],
        egress: [inside, { protocol: 'tcp', cidr: any, from: 0, to: 65535 }, tooBig],
      },
      Private: props.usesNat
        ? { ingress: [inside, ...answers, tooBig], egress: [inside, { protocol: 'tcp', cidr: any, from: 0, to: 65535 }] }
        : { ingress: [inside], egress: [inside] },
      Isolated: {
        ingress: [...props.publicCidrs.map((cidr): Rule => ({ protocol: 'all', cidr, action: 'deny' })), inside],
        egress: [inside],
      },
    };
    for (const [tier, { ingress, egress }] of Object.entries(tiers)) {
      const acl = new CfnNetworkAcl(this, tier, { vpcId: props.vpc.ref, tags: [{ key: 'Name', value: `${scope.node.path}/${tier}` }] });
      const write = (rules: Rule[], outward: boolean): void => {
        rules.forEach((rule, index) => {
          new CfnNetworkAclEntry(this, `${tier}${outward ? 'Egress' : 'Ingress'}${index}`, {
            networkAclId: acl.ref,
            ruleNumber: 100 + index * 10,
            protocol: PROTOCOL[rule.protocol],
            ruleAction: rule.action ?? 'allow',
            egress: outward,
            cidrBlock: rule.cidr,
            icmp: rule.protocol === 'icmp' ? { type: 3, code: 4 } : undefined,
            portRange: rule.protocol === 'tcp' ? { from: rule.from, to: rule.to } : undefined,
          });
        });
      };
      write(ingress, false);
      write(egress, true);
      props.subnets[tier].forEach((subnet, index) => {
        new CfnSubnetNetworkAclAssociation(this, `${tier}Association${index}`, { subnetId: subnet.ref, networkAclId: acl.ref });
      });
    }
  }
}
