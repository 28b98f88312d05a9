import { ApiObject, JsonPatch } from 'cdk8s';
import * as k8s from '../../lib/k8s';
import { replayPatches } from '../../lib/k8s/workload/patches';
import { app, containers, type Loose, objects, podSpec, tenant } from './fixtures';

const POD = '/spec/template/spec';

function patched(...patches: JsonPatch[]): Loose {
  const scope = app();
  const api = new k8s.Deployment(tenant(scope), 'api', { containers });
  ApiObject.of(api).addJsonPatch(...patches);
  return objects(scope)['Deployment/api'];
}

// Trap: the generated class behind cdk8s-plus keeps only the fields, and the forms of them, that it knows; patches run before that.
test.each([
  ['a newer field', 'securityContext/appArmorProfile', { type: 'RuntimeDefault' }],
  ['a newer plain field', 'hostUsers', false],
  ['pod-level resources', 'resources', { limits: { cpu: '2' }, requests: { cpu: '1' } }],
  ['a field below an unknown one', 'resources/limits', { cpu: '2' }],
])('a patch of %s reaches the manifest', (_, path, value) => {
  const parents = path === 'resources/limits' ? [JsonPatch.add(`${POD}/resources`, {})] : [];
  const spec = podSpec(patched(...parents, JsonPatch.add(`${POD}/${path}`, value)));
  expect(path.split('/').reduce((at, key) => at[key], spec)).toEqual(value);
});

test('a patch of resources keeps its quantities, and what the container was given is gone', () => {
  const [container] = podSpec(patched(JsonPatch.replace(`${POD}/containers/0/resources`, { limits: { cpu: '500m' } }))).containers;
  expect(container.resources.limits.cpu).toBe('500m');
  // What is missing is filled in by hardening; cdk8s alone would write null.
  const { limits, requests } = container.resources;
  expect([...Object.values(limits), ...Object.values(requests)]).not.toContain(null);
});

test('a patch of one quantity leaves the others', () => {
  const [container] = podSpec(patched(JsonPatch.add(`${POD}/containers/0/resources/limits/ephemeral-storage`, '5Gi'))).containers;
  expect(container.resources).toEqual({
    limits: { cpu: '400m', 'ephemeral-storage': '5Gi', memory: '256Mi' },
    requests: { cpu: '100m', 'ephemeral-storage': '256Mi', memory: '256Mi' },
  });
});

test('a patch with a number where cdk8s wants a class instance is kept', () => {
  expect(patched(JsonPatch.replace('/spec/strategy/rollingUpdate/maxSurge', 1)).spec.strategy.rollingUpdate).toEqual({
    maxSurge: 1,
    maxUnavailable: '25%',
  });
});

test('a whole container is added, with its newer fields', () => {
  const extra = {
    name: 'proxy',
    image: 'registry.example.com/proxy:1.0.0',
    resources: { limits: { memory: '64Mi' } },
    resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
  };
  const spec = podSpec(patched(JsonPatch.add(`${POD}/containers/-`, extra)));
  expect(spec.containers).toHaveLength(2);
  expect(spec.containers[1]).toMatchObject(extra);
  // The sandbox covers what was patched in as well.
  expect(spec.containers[1].securityContext).toMatchObject({ allowPrivilegeEscalation: false });
});

test('a copy of what cdk8s made has the form that it gives to it', () => {
  const spec = podSpec(
    patched(JsonPatch.copy(`${POD}/containers/0`, `${POD}/containers/1`), JsonPatch.replace(`${POD}/containers/1/name`, 'second')),
  );
  expect(spec.containers[1]).toEqual({ ...spec.containers[0], name: 'second', resources: spec.containers[1].resources });
  expect(JSON.stringify(spec.containers[1])).not.toContain('"value"');
});

test('the weaker value of the user stays', () => {
  const spec = podSpec(
    patched(
      JsonPatch.add(`${POD}/hostNetwork`, true),
      JsonPatch.add(`${POD}/securityContext/runAsUser`, 0),
      JsonPatch.replace(`${POD}/securityContext/fsGroupChangePolicy`, 'Always'),
      JsonPatch.replace(`${POD}/containers/0/securityContext/readOnlyRootFilesystem`, false),
    ),
  );
  expect(spec).toMatchObject({ hostNetwork: true, securityContext: { runAsUser: 0, fsGroupChangePolicy: 'Always' } });
  expect(spec.containers[0].securityContext.readOnlyRootFilesystem).toBe(false);
});

test('keys with slashes and tildes are found', () => {
  const object = patched(
    JsonPatch.add('/spec/template/metadata/annotations', {}),
    JsonPatch.add('/spec/template/metadata/annotations/example.com~1a~0b', 'x'),
  );
  expect(object.spec.template.metadata.annotations).toEqual({ 'example.com/a~b': 'x' });
});

test('a later removal decides', () => {
  const object = patched(JsonPatch.add(`${POD}/hostUsers`, false), JsonPatch.remove(`${POD}/hostUsers`));
  expect(podSpec(object)).not.toHaveProperty('hostUsers');
});

test('a patch that finds no place any more is an error, not a loss', () => {
  const scope = app();
  const api = new k8s.Deployment(tenant(scope), 'api', { containers });
  const object = ApiObject.of(api);
  object.addJsonPatch(JsonPatch.add(`${POD}/containers/-`, { name: 'proxy', image: 'registry.example.com/proxy:1.0.0' }));
  const kept = { spec: { template: { spec: { containers: [] } } } };
  expect(() => replayPatches(object, kept, [`${POD}/containers/1/image`])).toThrow(
    "[payments/api/Resource]: the patch of '/spec/template/spec/containers/1/image' on 'Deployment' 'api' cannot reach the manifest; patch the nearest list or object above it as a whole (PatchLost)",
  );
});
