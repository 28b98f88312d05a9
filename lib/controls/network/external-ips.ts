import { control, fail, pass } from '../control';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { firewall, service, services } from './policies';

export const externalIps = control({
  ...firewall,
  id: 'K-NET-08',
  title: 'services claim no external addresses',
  because: 'whoever makes such a service takes over the traffic of all pods to that address, CVE-2020-8554',
  severity: Severity.HIGH,
  subjects: services,
  judge: ({ name, object }) => {
    const { externalIPs } = child(object, 'spec');
    return Array.isArray(externalIPs) && externalIPs.length > 0
      ? fail(`the Service ${name} claims ${externalIPs.join(', ')}, it must claim no address`, 'spec.externalIPs')
      : pass;
  },
  remedy: 'remove externalIPs; an address of its own comes from a load balancer',
  references: { nsa: ['network'], scanners: { kubescape: ['C-0283'], trivy: ['KSV-0108'] } },
  cel: '!has(object.spec) || !has(object.spec.externalIPs) || size(object.spec.externalIPs) == 0',
  examples: {
    holds: manifests(service({}), service({ externalIPs: [] })),
    breaks: manifests(service({ externalIPs: ['203.0.113.7'] }), service({ type: 'LoadBalancer', externalIPs: ['10.0.0.1', '10.0.0.2'] })),
  },
});
