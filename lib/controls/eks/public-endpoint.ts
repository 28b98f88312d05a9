import { control, fail, pass, resources, undecided } from '../control';
import { Severity } from '../severity';
import { cluster, setting, template } from '../template-examples';
import { at, isUnknown, listAt, options, shownValue } from '../template-values';

const vpc = (config: { [key: string]: never } | object) => template({ Cluster: cluster({ ResourcesVpcConfig: { ...config } }) });

/**
 * EKS opens the endpoint to 0.0.0.0/0 unless it is told otherwise. Named ranges are a choice that somebody must own: they fail until a decision covers them.
 */
export const publicEndpoint = control({
  id: 'A-EKS-01',
  title: 'the API endpoint is not open to the internet',
  because: 'a stolen token or an unpatched flaw of the API server is then enough, from anywhere',
  severity: Severity.CRITICAL,
  maturity: 'stable',
  category: 'firewall',
  boundary: 'cluster',
  carrier: 'library',
  threats: ['control-plane-attack', 'credential-leak'],
  subjects: resources('AWS::EKS::Cluster'),
  judge: ({ properties }) => {
    const path = 'ResourcesVpcConfig.EndpointPublicAccess';
    const access = at(properties, path);
    const branches = options(access);
    if (branches.some(isUnknown))
      return undecided(`property ${path} is decided at deployment (${shownValue(access)})`, `Properties.${path}`);
    if (branches.every((value) => value === false)) return pass;
    if (branches.includes(false)) return undecided('the endpoint is public under one branch of a condition', `Properties.${path}`);
    const cidrs = listAt(properties, 'ResourcesVpcConfig.PublicAccessCidrs');
    const wide = cidrs.filter((cidr) => typeof cidr === 'string' && cidr.endsWith('/0'));
    if (cidrs.length === 0 || wide.length > 0)
      return fail(
        'the API endpoint is open to every address',
        `Properties.ResourcesVpcConfig.${cidrs.length === 0 ? 'EndpointPublicAccess' : 'PublicAccessCidrs'}`,
      );
    if (cidrs.some(isUnknown))
      return undecided(
        'the ranges that reach the API endpoint are decided at deployment',
        'Properties.ResourcesVpcConfig.PublicAccessCidrs',
      );
    return fail(
      `the API endpoint is open to ${cidrs.map(shownValue).join(', ')}, and no decision says who chose that`,
      'Properties.ResourcesVpcConfig.PublicAccessCidrs',
    );
  },
  remedy:
    'set EndpointPublicAccess to false and come in through the VPC; with aws.Cluster, Endpoint.publicFrom([range], decision) records who opened it',
  references: {
    cisEks: ['5.4.1', '5.4.2'],
    fsbp: ['EKS.1'],
    scanners: {
      'control-tower': ['CT.EKS.PR.1'],
      'cdk-nag': ['AwsSolutions-EKS1'],
      checkov: ['CKV_AWS_38', 'CKV_AWS_39'],
      trivy: ['AVD-AWS-0040', 'AVD-AWS-0041'],
    },
  },
  examples: {
    holds: [vpc({ EndpointPublicAccess: false })],
    breaks: [
      vpc({}),
      vpc({ EndpointPublicAccess: true, PublicAccessCidrs: ['0.0.0.0/0'] }),
      vpc({ EndpointPublicAccess: true, PublicAccessCidrs: ['203.0.113.0/24'] }),
      vpc({ EndpointPublicAccess: true, PublicAccessCidrs: ['203.0.113.0/24', '::/0'] }),
    ],
    undecided: [vpc({ EndpointPublicAccess: setting }), vpc({ EndpointPublicAccess: true, PublicAccessCidrs: [setting] })],
  },
});
