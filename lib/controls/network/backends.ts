import type { Inventory, KubernetesObject } from '../../inventory/model';
import type { PodTemplate } from '../../inventory/pod-templates';
import { isJsonObject, type Json, type JsonObject } from '../../inventory/value';
import { control, fail, pass, type Subjects, undecided, type Verdict } from '../control';
import { ofGroup } from '../kubernetes-objects';
import { namespaceName, neighbourhood } from '../neighbourhood';
import { pod, podOf } from '../pod-examples';
import { child, isSet } from '../pod-template';
import { Severity } from '../severity';
import { firewall, service, services } from './policies';

const GATEWAY = 'gateway.networking.k8s.io';
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'];

/** Everything that leads traffic somewhere. */
const leading: Subjects<KubernetesObject> = {
  description: `Service, Ingress, ${ROUTES.join(', ')}`,
  *select(inventory) {
    yield* services.select(inventory);
    for (const resource of ofGroup(inventory, 'networking.k8s.io', 'Ingress')) yield { resource, value: resource };
    for (const kind of ROUTES) for (const resource of ofGroup(inventory, GATEWAY, kind)) yield { resource, value: resource };
  },
};

const NONE: readonly Json[] = [];
const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : NONE);

function judgeService(object: KubernetesObject, inventory: Inventory): Verdict {
  const spec = child(object.object, 'spec');
  // Without a selector somebody else writes the endpoints.
  if (spec.type === 'ExternalName' || !isJsonObject(spec.selector) || Object.keys(spec.selector).length === 0) return pass;
  const here = neighbourhood(inventory, object.namespace);
  const pods = here.selectedByMap(spec.selector);
  if (pods.length === 0) {
    const said = `the Service ${object.name} selects no pod of ${namespaceName(object.namespace)}`;
    return here.pods.length === 0 || here.open
      ? undecided(`${said} that was read`, 'spec.selector')
      : fail(`${said}, its selector must fit one`, 'spec.selector');
  }
  for (const [index, port] of list(spec.ports).entries()) {
    const target = isJsonObject(port) ? port.targetPort : undefined;
    if (typeof target !== 'string' || /^[0-9]+$/.test(target) || pods.some((of) => listensOn(of, target))) continue;
    return fail(
      `the Service ${object.name} leads to the port '${target}', which no container of its pods has`,
      `spec.ports[${index}].targetPort`,
    );
  }
  return pass;
}

function listensOn({ spec }: PodTemplate, name: string): boolean {
  for (const group of [spec.containers, spec.initContainers]) {
    for (const container of list(group)) {
      if (isJsonObject(container) && list(container.ports).some((port) => isJsonObject(port) && port.name === name)) return true;
    }
  }
  return false;
}

interface Backend {
  readonly name: string;
  readonly namespace: string | undefined;
  /** Number or name; undefined where none is given. */
  readonly port: Json | undefined;
  readonly at: string;
}

function* ingressBackends({ object, namespace }: KubernetesObject): Iterable<Backend> {
  const spec = child(object, 'spec');
  const read = function* (backend: JsonObject, at: string): Iterable<Backend> {
    const { name, port } = child(backend, 'service');
    const { number, name: portName } = isJsonObject(port) ? port : ({} as JsonObject);
    // The load balancer controller of AWS answers by an annotation there.
    if (typeof name === 'string' && portName !== 'use-annotation') yield { name, namespace, port: number ?? portName, at: `${at}.service` };
  };
  yield* read(child(spec, 'defaultBackend'), 'spec.defaultBackend');
  for (const [index, rule] of list(spec.rules).entries()) {
    for (const [at, path] of list(isJsonObject(rule) ? child(rule, 'http').paths : undefined).entries()) {
      if (isJsonObject(path)) yield* read(child(path, 'backend'), `spec.rules[${index}].http.paths[${at}].backend`);
    }
  }
}

function* routeBackends({ object, namespace }: KubernetesObject): Iterable<Backend> {
  for (const [index, rule] of list(child(object, 'spec').rules).entries()) {
    for (const [at, backend] of list(isJsonObject(rule) ? rule.backendRefs : undefined).entries()) {
      if (!isJsonObject(backend) || typeof backend.name !== 'string') continue;
      if ((isSet(backend.kind) && backend.kind !== 'Service') || (isSet(backend.group) && backend.group !== '')) continue;
      const elsewhere = typeof backend.namespace === 'string' ? backend.namespace : namespace;
      yield { name: backend.name, namespace: elsewhere, port: backend.port, at: `spec.rules[${index}].backendRefs[${at}]` };
    }
  }
}

function judgeBackends(object: KubernetesObject, inventory: Inventory): Verdict {
  let open: Verdict = pass;
  for (const { name, namespace, port, at } of object.kind === 'Ingress' ? ingressBackends(object) : routeBackends(object)) {
    const here = neighbourhood(inventory, namespace);
    const found = here.services.get(name);
    const said = `the ${object.kind} ${object.name} leads to the Service ${name}`;
    if (found === undefined) {
      const where = namespaceName(namespace);
      if (here.services.size > 0 && !here.open) return fail(`${said}, which is not in ${where}`, at);
      open = undecided(`${said} of ${where}, which was not read`, at);
    } else if (isSet(port) && !hasPort(found, port)) {
      return fail(`${said} on port ${port}, which that does not have`, at);
    }
  }
  return open;
}

function hasPort({ object }: KubernetesObject, wanted: Json | undefined): boolean {
  const spec = child(object, 'spec');
  return (
    spec.type === 'ExternalName' || list(spec.ports).some((port) => isJsonObject(port) && (port.port === wanted || port.name === wanted))
  );
}

const web = podOf({ ports: [{ containerPort: 8080, name: 'http' }] }, {});
const labelled: JsonObject = { ...web, metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } } };
const ingress = (name: string, port: JsonObject): JsonObject => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: {
    rules: [{ host: 'shop.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name, port } } }] } }],
  },
});
const route = (backend: JsonObject): JsonObject => ({
  apiVersion: `${GATEWAY}/v1`,
  kind: 'HTTPRoute',
  metadata: { name: 'edge', namespace: 'shop' },
  spec: { rules: [{ backendRefs: [backend] }] },
});

export const backends = control({
  ...firewall,
  id: 'K-NET-09',
  title: 'services, ingresses and routes lead to something that is there',
  because: 'a slip in a label or a name is an outage, and whoever may make what is missing is given the traffic',
  severity: Severity.MEDIUM,
  subjects: leading,
  judge: (object, { inventory }) => (object.kind === 'Service' ? judgeService(object, inventory) : judgeBackends(object, inventory)),
  remedy: 'correct the selector, or the name or port of the Service',
  references: {
    scanners: {
      'kube-linter': ['dangling-service', 'dangling-ingress', 'mismatching-selector', 'invalid-target-ports'],
      'kube-score': ['service-targets-pod', 'ingress-targets-service'],
      kubescape: ['C-0293', 'C-0296', 'C-0298', 'C-0302'],
    },
  },
  examples: {
    holds: [
      { manifests: [labelled, service({})] },
      {
        manifests: [
          labelled,
          service({
            ports: [
              { port: 80, targetPort: 'http' },
              { port: 81, targetPort: '8081' },
              { port: 82, targetPort: 8082 },
            ],
          }),
        ],
      },
      {
        name: 'endpoints by somebody else',
        manifests: [labelled, service({ selector: null }), service({ type: 'ExternalName', externalName: 'db.example.com' })],
      },
      { manifests: [labelled, service({}), ingress('web', { number: 80 }), route({ name: 'web', port: 80 })] },
      { manifests: [labelled, service({ ports: [{ port: 80, name: 'http' }] }), ingress('web', { name: 'http' })] },
      { name: 'answered by the load balancer', manifests: [labelled, service({}), ingress('redirect', { name: 'use-annotation' })] },
      { name: 'a route to a bucket', manifests: [labelled, service({}), route({ group: 'example.com', kind: 'Bucket', name: 'static' })] },
    ],
    breaks: [
      { manifests: [labelled, service({ selector: { app: 'wbe' } })] },
      { manifests: [labelled, service({ selector: { app: 'web', tier: 'front' } })] },
      { manifests: [labelled, service({ ports: [{ port: 80, targetPort: 'https' }] })] },
      { manifests: [labelled, service({}), ingress('wbe', { number: 80 })] },
      { manifests: [labelled, service({}), ingress('web', { number: 8080 })] },
      { manifests: [labelled, service({}), route({ name: 'web', port: 443 })] },
      { manifests: [labelled, service({}), route({ name: 'wbe', port: 80 })] },
    ],
    undecided: [
      { name: 'no pod was read', manifests: [service({})] },
      { name: 'no service was read', manifests: [pod(), ingress('web', { number: 80 })] },
      { name: 'a namespace that was not read', manifests: [labelled, service({}), route({ name: 'web', namespace: 'other', port: 80 })] },
      {
        name: 'an operator may make the pods',
        manifests: [
          labelled,
          service({ selector: { app: 'db' } }),
          { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata: { name: 'db', namespace: 'shop' }, spec: {} },
        ],
      },
    ],
  },
});
