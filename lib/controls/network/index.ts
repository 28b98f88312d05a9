import type { AnyControl } from '../control';
import { backends } from './backends';
import { danglingPolicies } from './dangling-policies';
import { noDashboard } from './dashboards';
import { defaultDeny } from './default-deny';
import { policiesEnforced } from './enforced';
import { externalIps } from './external-ips';
import { isolatedPods } from './isolated-pods';
import { loadBalancer } from './load-balancer';
import { nodePort } from './node-port';
import { privilegedPort } from './privileged-port';
import { retiredIngress } from './retired-ingress';
import { ingressTls } from './tls';
import { wideEgress } from './wide-egress';

export const networkControls: readonly AnyControl[] = [
  isolatedPods,
  defaultDeny,
  policiesEnforced,
  danglingPolicies,
  wideEgress,
  nodePort,
  loadBalancer,
  externalIps,
  backends,
  ingressTls,
  retiredIngress,
  privilegedPort,
  noDashboard,
];
