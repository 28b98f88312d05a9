import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadAssemblyFromPath } from '@jsii/spec';
import { App as CdkApp, Stack } from 'aws-cdk-lib';
import { KubernetesVersion, NodegroupAmiType } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Cron, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { aws, controls, k8s } from '../../lib';
import { audit } from '../../lib/audit';
import { allControls } from '../../lib/controls/catalogue';
import { buildInventory, type Inventory, readObjects, readTemplate } from '../../lib/inventory';
import type { JsonObject } from '../../lib/inventory/value';
import { ROOT } from './sources';

const decision = new controls.Decision({ owner: 'platform-team', reason: 'contractors come from the office range', review: '2027-01-31' });
const env = { account: '111122223333', region: 'eu-west-1' };

function stack(make: (stack: Stack) => void): Inventory {
  const app = new CdkApp();
  const scope = new Stack(app, 'Platform', { env });
  make(scope);
  return buildInventory([readTemplate(app.synth().getStackByName('Platform').template as JsonObject, { stack: 'Platform', ...env })]);
}

function cluster(scope: Stack, props: Partial<aws.ClusterProps> = {}, network: aws.NetworkProps = {}): aws.Cluster {
  const admins = [Role.fromRoleName(scope, 'Admins', 'platform-admins')];
  return new aws.Cluster(scope, 'Cluster', {
    version: KubernetesVersion.V1_35,
    admins,
    network: new aws.Network(scope, 'Network', network),
    ...props,
  });
}

function tenant(make: (tenant: k8s.Tenant) => void, props: Partial<k8s.TenantProps> = {}): Inventory {
  const app = new k8s.App({ kubernetes: '1.35', handoff: { 'identity/shop/app': 'pod-identity', 'network/endpoints': '10.0.224.0/21' } });
  const scope = new k8s.Tenant(app, 'shop', { cpu: Cpu.units(8), memory: Size.gibibytes(16), ...props });
  make(scope);
  return buildInventory([readObjects(Testing.synth(scope) as JsonObject[])]);
}

const image = k8s.Image.semver('registry.example.com/app', '1.4.2');
const container: k8s.ContainerProps = { image };
/** One prop of a workload varied at a time, around the container every workload needs. */
const CONTAINERS: { readonly [variation: string]: k8s.ContainerProps } = {
  defaults: container,
  'a port': { ...container, portNumber: 8080 },
  'a digest': { image: k8s.Image.digest('registry.example.com/app', `sha256:${'a'.repeat(64)}`) },
  'writable paths': { ...container, writablePaths: ['/tmp', '/var/cache/app'] },
  'a command': { ...container, command: ['/app'], args: ['--serve'] },
  'its own user': { image: k8s.Image.semver('registry.example.com/app', '1.4.2', { uid: 20000 }) },
};
function workload(make: (scope: k8s.Tenant, containers: k8s.ContainerProps[]) => void): { [variation: string]: () => Inventory } {
  return Object.fromEntries(Object.entries(CONTAINERS).map(([name, props]) => [name, () => tenant((scope) => make(scope, [props]))]));
}

/** Every construct that promises something, with default props and with one prop varied at a time. */
const GENERATORS: { readonly [construct: string]: { readonly [variation: string]: () => Inventory } } = {
  'aws.Bucket': {
    defaults: () => stack((scope) => new aws.Bucket(scope, 'Data')),
    ephemeral: () => stack((scope) => new aws.Bucket(scope, 'Data', { lifecycle: aws.Lifecycle.ephemeral() })),
    'a shared key': () => stack((scope) => new aws.Bucket(scope, 'Data', { encryptionKey: new aws.EncryptionKey(scope, 'Key') })),
  },
  'aws.EncryptionKey': {
    defaults: () => stack((scope) => new aws.EncryptionKey(scope, 'Key')),
    staging: () => stack((scope) => new aws.EncryptionKey(scope, 'Key', { lifecycle: aws.Lifecycle.staging() })),
  },
  'aws.Repository': {
    defaults: () => stack((scope) => new aws.Repository(scope, 'Images')),
    'few images': () => stack((scope) => new aws.Repository(scope, 'Images', { keep: 3, repositoryName: 'team/app' })),
  },
  'aws.Network': {
    defaults: () => stack((scope) => new aws.Network(scope, 'Network')),
    'no internet': () => stack((scope) => new aws.Network(scope, 'Network', { internet: aws.Internet.none() })),
    'another range': () => stack((scope) => new aws.Network(scope, 'Network', { cidr: '10.64.0.0/18' })),
    'two zones': () => stack((scope) => new aws.Network(scope, 'Network', { zoneIds: ['euw1-az1', 'euw1-az2'] })),
  },
  'aws.Cluster': {
    defaults: () => stack((scope) => cluster(scope)),
    'no internet': () => stack((scope) => cluster(scope, {}, { internet: aws.Internet.none() })),
    staging: () => stack((scope) => cluster(scope, { lifecycle: aws.Lifecycle.staging() })),
    'another version': () => stack((scope) => cluster(scope, { version: KubernetesVersion.V1_34 })),
    'two node groups': () => stack((scope) => cluster(scope, { nodeGroups: [{}, { amiType: NodegroupAmiType.BOTTLEROCKET_ARM_64 }] })),
  },
  'aws.NodeGroup': {
    defaults: () => stack((scope) => cluster(scope, { nodeGroups: [] }).addNodeGroup('Nodes')),
    arm64: () =>
      stack((scope) => cluster(scope, { nodeGroups: [] }).addNodeGroup('Nodes', { amiType: NodegroupAmiType.BOTTLEROCKET_ARM_64 })),
    large: () =>
      stack((scope) => cluster(scope, { nodeGroups: [] }).addNodeGroup('Nodes', { minSize: 3, maxSize: 30, dataVolumeGib: 200 })),
  },
  'aws.PodRole': {
    defaults: () => stack((scope) => cluster(scope).podRole('Api', { namespace: 'shop', serviceAccount: 'api' })),
    irsa: () =>
      stack((scope) => cluster(scope).podRole('Api', { namespace: 'shop', serviceAccount: 'api', identity: aws.Identity.irsa() })),
    boundary: () =>
      stack((scope) =>
        cluster(scope).podRole('Api', {
          namespace: 'shop',
          serviceAccount: 'api',
          permissionsBoundary: ManagedPolicy.fromAwsManagedPolicyName('ReadOnlyAccess'),
        }),
      ),
  },
  'k8s.Tenant': {
    defaults: () => tenant((scope) => new k8s.Deployment(scope, 'app', { containers: [container] })),
    empty: () => tenant(() => {}),
    registries: () =>
      tenant((scope) => new k8s.Deployment(scope, 'app', { containers: [container], priorityClassName: 'customer-facing' }), {
        registries: ['registry.example.com'],
      }),
  },
  'k8s.Image': { defaults: () => tenant((scope) => new k8s.Deployment(scope, 'app', { containers: [container] })) },
  'k8s.Deployment': workload((scope, containers) => new k8s.Deployment(scope, 'app', { containers })),
  'k8s.StatefulSet': workload(
    (scope, containers) => new k8s.StatefulSet(scope, 'app', { containers: containers.map((props) => ({ portNumber: 9090, ...props })) }),
  ),
  'k8s.DaemonSet': workload((scope, containers) => new k8s.DaemonSet(scope, 'app', { containers })),
  'k8s.Job': workload((scope, containers) => new k8s.Job(scope, 'app', { containers })),
  'k8s.CronJob': workload((scope, containers) => new k8s.CronJob(scope, 'app', { containers, schedule: Cron.daily() })),
  'k8s.Pod': workload((scope, containers) => new k8s.Pod(scope, 'app', { containers })),
};

const promised: { [construct: string]: string[] } = {};
if (!existsSync(join(ROOT, '.jsii'))) throw new Error("there is no .jsii to read the promises from; run 'npx projen compile' first");
for (const type of Object.values(loadAssemblyFromPath(ROOT).types ?? {})) {
  const ids = type.docs?.custom?.satisfies;
  if (ids !== undefined) promised[type.fqn.slice('cdk-bulwark.'.length)] = ids.split(/[\s,]+/).filter((id) => id !== '');
}

test('every construct that promises has a generator here, and the other way round', () => {
  expect(Object.keys(GENERATORS).sort()).toEqual(Object.keys(promised).sort());
});

test('only controls that exist are promised', () => {
  const known = allControls.map(({ id }) => id);
  expect(
    Object.entries(promised).flatMap(([construct, ids]) => ids.filter((id) => !known.includes(id)).map((id) => `${construct}: ${id}`)),
  ).toEqual([]);
});

describe.each(Object.entries(GENERATORS))('%s keeps what it promises', (construct, variations) => {
  test.each(Object.entries(variations))('with %s', (_name, make) => {
    const list = allControls.filter(({ id }) => promised[construct].includes(id));
    const inventory = make();
    const { judgements } = audit(inventory, { controls: list, kubernetes: '1.35', asOf: '2026-11-01' });
    expect(judgements.map(({ control, verdict, message }) => `${control.id} ${verdict}: ${message}`)).toEqual([]);
    // A control without a subject would hold by saying nothing.
    const silent = list.filter((control) => [...control.subjects.select(inventory)].length === 0).map(({ id }) => id);
    expect(silent.filter((id) => !OPTIONAL.has(`${construct} ${id}`))).toEqual([]);
  });
});

/** Controls about something a construct makes only in some of its variations. */
const OPTIONAL = new Set([
  'aws.PodRole A-IAM-01',
  'aws.PodRole A-IAM-02',
  'k8s.Tenant K-NSP-01',
  'k8s.Tenant K-NSP-05',
  'k8s.Tenant K-NET-01',
  'aws.PodRole A-IAM-04',
]);

test('a promise that is broken is seen', () => {
  const inventory = stack((scope) => cluster(scope, { endpoint: aws.Endpoint.publicFrom(['203.0.113.0/24'], decision) }));
  const { judgements } = audit(inventory, {
    controls: allControls.filter(({ id }) => id === 'A-EKS-01'),
    kubernetes: '1.35',
    asOf: '2026-11-01',
  });
  expect(judgements.map(({ control, verdict }) => [control.id, verdict])).toEqual([['A-EKS-01', 'fail']]);
});
