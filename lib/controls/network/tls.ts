import type { KubernetesObject } from '../../inventory/model';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { ofGroup } from '../kubernetes-objects';
import { manifests } from '../pod-examples';
import { child } from '../pod-template';
import { Severity } from '../severity';
import { firewall } from './policies';

const GATEWAY = 'gateway.networking.k8s.io';
const ALB = 'alb.ingress.kubernetes.io';

const entries: Subjects<KubernetesObject> = {
  description: 'Ingress, Gateway',
  *select(inventory) {
    for (const resource of ofGroup(inventory, 'networking.k8s.io', 'Ingress')) yield { resource, value: resource };
    for (const resource of ofGroup(inventory, GATEWAY, 'Gateway')) yield { resource, value: resource };
  },
};

const NONE: readonly Json[] = [];
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : NONE);

/** Whether a host of a certificate covers one of a rule: `*.` stands for one part of the name. */
function covers(host: Json, wanted: string): boolean {
  if (host === wanted) return true;
  return typeof host === 'string' && host.startsWith('*.') && wanted.includes('.') && host.slice(1) === wanted.slice(wanted.indexOf('.'));
}

function judgeIngress({ name, object }: KubernetesObject): Verdict {
  const annotations = child(child(object, 'metadata'), 'annotations');
  // The load balancer of AWS has its certificate by ARN, or finds one by the host where it listens for HTTPS.
  if (annotations[`${ALB}/certificate-arn`] !== undefined) return pass;
  const ports = annotations[`${ALB}/listen-ports`];
  if (typeof ports === 'string' && ports.includes('HTTPS')) return pass;
  const spec = child(object, 'spec');
  const tls = list(spec.tls).filter(isJsonObject);
  if (tls.length === 0) return fail(`the Ingress ${name} has no TLS, it must have a certificate`, 'spec.tls');
  if (tls.some(({ hosts }) => list(hosts).length === 0)) return pass;
  for (const [index, rule] of list(spec.rules).entries()) {
    const host = isJsonObject(rule) ? rule.host : undefined;
    if (typeof host !== 'string' || tls.some(({ hosts }) => list(hosts).some((one) => covers(one, host)))) continue;
    return fail(`no certificate of the Ingress ${name} is for the host ${host}, one must be`, `spec.rules[${index}].host`);
  }
  return pass;
}

function judgeGateway({ name, object }: KubernetesObject): Verdict {
  const listeners = list(child(object, 'spec').listeners).filter(isJsonObject);
  if (listeners.some(({ protocol }) => protocol === 'HTTPS' || protocol === 'TLS')) return pass;
  if (listeners.some(({ protocol }) => protocol === 'HTTP'))
    return fail(`the Gateway ${name} listens for HTTP alone, it must have a listener for HTTPS`, 'spec.listeners');
  return undecided(`whether what runs through the Gateway ${name} is encrypted is not known, it has no listener for HTTP or TLS`, 'spec');
}

const ingress = (spec: JsonObject, annotations: JsonObject = {}): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'edge', namespace: 'shop', annotations },
  spec: { rules: [{ host: 'shop.example.com' }], ...spec },
});
const gateway = (...protocols: string[]): JsonObject => ({
  apiVersion: `${GATEWAY}/v1`,
  kind: 'Gateway',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: {
    gatewayClassName: 'amazon-vpc-lattice',
    listeners: protocols.map((protocol, index) => ({ name: `l${index}`, port: 8000 + index, protocol })),
  },
});

/** Beside a listener for HTTPS one for HTTP is how clients are sent there. */
export const ingressTls = control({
  ...firewall,
  id: 'K-NET-10',
  title: 'ingresses and gateways speak TLS',
  because: 'passwords and sessions otherwise cross the network for everybody on the way to read',
  severity: Severity.MEDIUM,
  category: 'encryption',
  threats: ['credential-leak'],
  subjects: entries,
  judge: (object) => (object.kind === 'Ingress' ? judgeIngress(object) : judgeGateway(object)),
  remedy: `add tls with the hosts of the rules, the annotation ${ALB}/certificate-arn, or a listener with the protocol HTTPS`,
  references: { nsa: ['network'], scanners: { kubescape: ['C-0231', 'C-0263'], polaris: ['tlsSettingsMissing'] } },
  examples: {
    holds: manifests(
      ingress({ tls: [{ hosts: ['shop.example.com'], secretName: 'tls' }] }),
      ingress({ tls: [{ hosts: ['*.example.com'], secretName: 'tls' }] }),
      ingress({ tls: [{ secretName: 'tls' }] }),
      ingress({}, { [`${ALB}/certificate-arn`]: 'arn:aws:acm:eu-west-1:111122223333:certificate/a' }),
      ingress({}, { [`${ALB}/listen-ports`]: '[{"HTTPS":443}]' }),
      gateway('HTTPS'),
      gateway('HTTP', 'HTTPS'),
      gateway('TLS'),
    ),
    breaks: manifests(
      ingress({}),
      ingress({ tls: [] }),
      ingress({ tls: [{ hosts: ['other.example.com'] }] }),
      ingress({ rules: [{ host: 'a.b.example.com' }], tls: [{ hosts: ['*.example.com'] }] }),
      ingress({}, { [`${ALB}/listen-ports`]: '[{"HTTP":80}]' }),
      gateway('HTTP'),
      gateway('HTTP', 'TCP'),
    ),
    undecided: manifests(gateway('TCP'), gateway()),
  },
});
