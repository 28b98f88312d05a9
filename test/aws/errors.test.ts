import { App, Stack } from 'aws-cdk-lib';
import { KubernetesVersion, NodegroupAmiType } from 'aws-cdk-lib/aws-eks-v2';
import { Role, User } from 'aws-cdk-lib/aws-iam';
import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import * as aws from '../../lib/aws';
import { Decision, Exemption } from '../../lib/controls/acceptance';
import { InputError } from '../../lib/error';
import * as k8s from '../../lib/k8s';
import { code, sources } from '../laws/sources';
import { scene, stackIn } from './scene';

const before = process.env.BULWARK_AS_OF;
process.env.BULWARK_AS_OF = '2026-11-01';
afterAll(() => {
  if (before === undefined) delete process.env.BULWARK_AS_OF;
  else process.env.BULWARK_AS_OF = before;
});

const network = (props: aws.NetworkProps, region?: string) => () => new aws.Network(stackIn(region), 'Network', props);
const cluster = (props: Partial<aws.ClusterProps>) => () => scene({ cluster: props });
const nodes = (props: aws.NodeGroupProps) => cluster({ nodeGroups: [props] });
const admins = (arns: string[]) => () => scene({ admins: (of) => arns.map((arn, index) => Role.fromRoleArn(of, `Role${index}`, arn)) });
const podRole = (namespace: string, serviceAccount: string) => () =>
  scene().cluster.podRole('Api', { namespace, serviceAccount, identity: aws.Identity.irsa() });
const decision = (review = '2027-05-31') => new Decision({ owner: 'platform-team', reason: 'contractors deploy from the office', review });
const exemption = (props: object) => new Exemption({ owner: 'platform-team', reason: 'a demonstration', until: '2026-12-01', ...props });
const flow = (own: Partial<aws.InternetFlow>) => () => aws.Internet.nat([{ name: 'vendor', purpose: 'licences', ...own }]);
const from = (...cidrs: string[]) => {
  const owned = decision();
  return () => aws.Endpoint.publicFrom(cidrs, owned);
};

/** The code, the construct path (none where there is no construct yet), the value as it is shown, the change to make, and what throws. */
type Row = readonly [code: string, path: string | undefined, value: string, change: string, act: () => unknown];
const NETWORK = 'Platform/Network';
const CLUSTER = 'Platform/Cluster';
const NODES = 'Platform/Cluster/Nodes0';
const ROLE = 'Platform/Cluster/Api';
const ADMIN = 'arn:aws:iam::111122223333:role/platform-admins';

const OF_AWS: readonly Row[] = [
  ['CidrInvalid', NETWORK, "'10.0.0.0'", 'write it as 10.0.0.0/16', network({ cidr: '10.0.0.0' })],
  ['CidrSize', NETWORK, "'10.0.0.0/24'", 'choose one of them', network({ cidr: '10.0.0.0/24' })],
  ['CidrUnaligned', NETWORK, "'10.0.8.0/16'", 'clear the host bits', network({ cidr: '10.0.8.0/16' })],
  ['ZonesInvalid', NETWORK, 'zoneIds and zones', 'keep one of them', network({ zoneIds: ['euw1-az1', 'euw1-az2'], zones: ['a', 'b'] })],
  ['ZonesInvalid', NETWORK, 'zoneIds is [euw1-az1]', 'name two or three different zones', network({ zoneIds: ['euw1-az1'] })],
  ['ZonesInvalid', NETWORK, 'zones is [a, b, c, d]', 'name two or three different zones', network({ zones: ['a', 'b', 'c', 'd'] })],
  ['ZonesInvalid', NETWORK, "'eu-west-1a'", 'write it as euw1-az1', network({ zoneIds: ['eu-west-1a', 'eu-west-1b'] })],
  ['ZoneRefused', NETWORK, "'use1-az3'", 'choose another zone', network({ zoneIds: ['use1-az1', 'use1-az3'] }, 'us-east-1')],
  ['ZoneForeign', NETWORK, "'euw2-az1'", 'its zones start with euw1', network({ zoneIds: ['euw1-az1', 'euw2-az1'] })],
  [
    'FlowTaken',
    NETWORK,
    "'platform-cluster-vendor'",
    'give this one another name',
    () =>
      scene({
        network: {
          internet: aws.Internet.nat([
            { name: 'vendor', purpose: 'licences', cidr: '198.51.100.0/24' },
            { name: 'vendor', purpose: 'telemetry', cidr: '203.0.113.0/24' },
          ]),
        },
      }),
  ],
  ['ZonesInvalid', NETWORK, "'euw1-az1'", 'pass it in zoneIds', network({ zones: ['euw1-az1', 'euw1-az2'] })],
  ['ZoneForeign', NETWORK, "'us-east-1a'", 'its zones start with eu-west-1', network({ zones: ['eu-west-1a', 'us-east-1a'] })],
  [
    'ZonesUnpinned',
    NETWORK,
    'us-east-1 may hold use1-az3',
    'give zoneIds of your account, such as use1-az1, use1-az2, use1-az4',
    network({}, 'us-east-1'),
  ],
  ['InternetFlowInvalid', undefined, "'Vendor'", "as in 'vendor-api'", flow({ name: 'Vendor' })],
  ...['nope', '198.51.100.0', '198.51.100.0/33', 'fd00::/8'].map(
    (cidr): Row => ['InternetFlowInvalid', undefined, `'${cidr}' of the flow 'vendor'`, 'write it as 203.0.113.0/24', flow({ cidr })],
  ),
  ['InternetFlowInvalid', undefined, "port 70000 of the flow 'vendor'", 'correct it', flow({ port: 70_000 })],
  [
    'AdministratorRefused',
    CLUSTER,
    'administrator 1',
    'name a role that people assume',
    () => scene({ admins: (of) => [new User(of, 'Someone') as unknown as Role] }),
  ],
  ['NoAdministrator', CLUSTER, 'admins is empty', 'name the role of its administrators', admins([])],
  ['AdministratorRefused', CLUSTER, `'${ADMIN}'`, 'name it once', admins([ADMIN, ADMIN])],
  [
    'AdministratorRefused',
    CLUSTER,
    "'arn:aws:iam::111122223333:role/*'",
    'name a role that people assume',
    admins(['arn:aws:iam::111122223333:role/*']),
  ],
  ['KubernetesVersionUnknown', CLUSTER, "'1.19'", 'choose one of 1.31, 1.32', cluster({ version: KubernetesVersion.of('1.19') })],
  ['KubernetesVersionUnknown', CLUSTER, "'v1.35'", 'choose one of 1.31, 1.32', cluster({ version: KubernetesVersion.of('v1.35') })],
  [
    'AddOnUnknown',
    CLUSTER,
    "'core-dns'",
    'choose from eks-pod-identity-agent',
    cluster({ addOnVersions: { 'core-dns': 'v1.11.4-eksbuild.2' } }),
  ],
  ['AddOnVersionInvalid', CLUSTER, "'1.11'", 'write it as EKS lists it', cluster({ addOnVersions: { coredns: '1.11' } })],
  ['ClusterNameInvalid', CLUSTER, "'-x'", 'give letters, digits, dashes', cluster({ clusterName: '-x' })],
  ['ClusterNameInvalid', CLUSTER, `'${'x'.repeat(101)}'`, 'at most 100', cluster({ clusterName: 'x'.repeat(101) })],
  ['ClusterNameInvalid', CLUSTER, 'known only at deployment', 'as text', cluster({ clusterName: new Stack().stackId })],
  ['AmiUnsupported', NODES, "'AL2_x86_64'", 'use one of the BOTTLEROCKET types', nodes({ amiType: NodegroupAmiType.AL2_X86_64 })],
  ['AmiUnsupported', NODES, "'AL2023_ARM_64_STANDARD'", 'use one of the', nodes({ amiType: NodegroupAmiType.AL2023_ARM_64_STANDARD })],
  ['ProcessorsMixed', NODES, "'m7i.large'", 'for each kind of processor', nodes({ instanceTypes: ['m7g.large', 'm7i.large'] })],
  ['InstanceTypeInvalid', NODES, "'large'", 'write it as m6i.large', nodes({ instanceTypes: ['large'] })],
  ['ProcessorsMixed', NODES, "'u-6tb1.56xlarge'", 'for each kind of processor', nodes({ instanceTypes: ['m7g.large', 'u-6tb1.56xlarge'] })],
  ['SizeInvalid', NODES, 'maxSize 1', 'give whole numbers', nodes({ maxSize: 1 })],
  ['SizeInvalid', NODES, 'dataVolumeGib is 19', 'give 20 or more', nodes({ dataVolumeGib: 19 })],
  ['SizeInvalid', NODES, 'podPidsLimit is 63', 'give 64 or more', nodes({ podPidsLimit: 63 })],
  ['NamespaceInvalid', ROLE, "'pay_ments'", 'use lower-case letters', podRole('pay_ments', 'api')],
  ['ServiceAccountInvalid', ROLE, "'*'", 'use lower-case letters', podRole('payments', '*')],
  ['ServiceAccountInvalid', ROLE, `'${'a.'.repeat(127)}a'`, 'use lower-case letters', podRole('payments', `${'a.'.repeat(127)}a`)],
  ['ServiceAccountTaken', ROLE, "'kube-system/aws-node'", 'grant to that one', podRole('kube-system', 'aws-node')],
  ['CidrInvalid', undefined, 'the list of ranges is empty', 'name the ranges', from()],
  ['CidrInvalid', undefined, "'office'", 'write it as 203.0.113.0/24', from('203.0.113.0/24', 'office')],
  ...['100.64.0.0/10', '172.0.0.0/8', '192.0.0.0/8', '127.0.0.1/32', 'fd00::/16', 'fe80::/64', '::1/128', '::ffff:0:0/96'].map(
    (cidr): Row => ['CidrInvalid', undefined, `'${cidr}'`, 'leave them out', from('203.0.113.0/24', cidr)],
  ),
  ['EndpointOpen', undefined, "2 ranges from '11.0.0.0/8'", 'list your egress ranges', from('11.0.0.0/8', '12.0.0.0/24')],
  ['EndpointOpen', undefined, "2 ranges from '2001::/16'", 'list your egress ranges', from('2001::/16', '2400::/20')],
  ['EndpointOpen', undefined, "'0.0.0.0/0'", 'list your egress ranges', from('203.0.113.0/24', '0.0.0.0/0')],
  ['EndpointOpen', undefined, "'128.0.0.0/1'", 'list your egress ranges', from('128.0.0.0/1')],
  ['KeepInvalid', 'Platform/Images', 'keep is 0', 'give 1 or more', () => new aws.Repository(stackIn(), 'Images', { keep: 0 })],
  [
    'HandoffUnknown',
    ROLE,
    "'payments/api'",
    'set env on the stack',
    () => {
      const { cluster: made } = scene({ stack: new Stack(new App(), 'Platform') });
      made.podRole('Api', { namespace: 'payments', serviceAccount: 'api', identity: aws.Identity.irsa() });
      return aws.Handoff.of(made).values;
    },
  ],
  ['AccessLogsTaken', 'Platform/AccessLogs', "'AccessLogs'", 'pass accessLogs', () => new aws.Bucket(stackIn(), 'AccessLogs')],
  ['OutputNameTaken', CLUSTER, "'Network'", 'give the output another name', () => aws.Handoff.of(scene().cluster).output('Network', 'x')],
  ['OutputNameInvalid', CLUSTER, "'Default'", 'letters and digits', () => aws.Handoff.of(scene().cluster).output('Default', 'x')],
  ['OutputNameInvalid', CLUSTER, "'My-Bucket'", 'letters and digits', () => aws.Handoff.of(scene().cluster).output('My-Bucket', 'x')],
];

/** Where the AWS tree meets the other one, and the days that acceptances end. */
const OF_SEAMS: readonly Row[] = [
  [
    'ChartInStack',
    'Platform',
    "'payments'",
    'place it in a k8s.App',
    () => new k8s.Tenant(stackIn(), 'payments', { cpu: Cpu.units(20), memory: Size.gibibytes(64) }),
  ],
  [
    'HandoffMissing',
    undefined,
    "'output/Platform/StatementsBucket'",
    "deploy with 'cdk deploy --outputs-file FILE'",
    () => {
      const handoff = aws.Handoff.of(scene().cluster);
      const key = handoff.output('StatementsBucket', 'statements');
      return new k8s.App({ kubernetes: '1.35', handoff: handoff.values }).handoff.value(key);
    },
  ],
  ['DateInvalid', undefined, "'next spring'", 'write it as YYYY-MM-DD', () => exemption({ until: 'next spring' })],
  ['DateInvalid', undefined, "'2027-02-30'", 'write it as YYYY-MM-DD', () => exemption({ until: '2027-02-30' })],
  ['DateInvalid', undefined, "'01/12/2026'", 'write it as YYYY-MM-DD', () => decision('01/12/2026')],
  ['AcceptanceTooLong', undefined, "'2027-11-03' is 367 days", 'within a year', () => exemption({ until: '2027-11-03' })],
  ['AcceptanceTooLong', undefined, "'2036-11-01' is 3653 days", 'within a year', () => decision('2036-11-01')],
  ['AcceptanceIncomplete', undefined, 'owner of an exemption is empty', 'name it', () => exemption({ owner: ' ' })],
  ['AcceptanceIncomplete', undefined, 'reason of an exemption is empty', 'name it', () => exemption({ reason: '' })],
  ['UnknownControl', 'Platform', "'A-EKS-99'", "run 'bulwark controls'", () => exemption({}).attach(stackIn(), 'A-EKS-99')],
];

const outcomes = [...OF_AWS, ...OF_SEAMS].map(([name, path, value, change, act]) => {
  try {
    act();
  } catch (error) {
    return { name, path, value, change, error };
  }
  return { name, path, value, change, error: undefined };
});

test.each(outcomes)('$name: $value', ({ name, path, value, change, error }) => {
  expect(error).toBeInstanceOf(InputError);
  const { code: thrown, message, detail, place } = error as InputError;
  expect([thrown, place.path]).toEqual([name, path]);
  expect(message).toBe(`${path === undefined ? '' : `[${path}]: `}${detail} (${name})`);
  // First what is wrong with its value, then the change.
  expect(detail).toContain(value);
  expect(detail.lastIndexOf(change)).toBeGreaterThan(detail.indexOf(value));
  expect(message).not.toMatch(/\n|undefined|\[object|Token\[/);
});

test('a day is within a year up to 366 days ahead', () => {
  expect(exemption({ until: '2027-11-02' }).until).toBe('2027-11-02');
});

test('every error that lib/aws throws is in the table', () => {
  const messages = outcomes.map(({ error }) => (error as InputError).message);
  const thrown = sources('lib/aws').flatMap((file) =>
    [...code(file).matchAll(/new InputError\(\s*'(\w+)',\s*(?:'([^']+)'|`([^`]+)`)/g)].map(([, name, plain, built]) => ({
      at: `${file.path}: ${plain ?? built}`,
      // The text around what is filled in.
      parts: [...(plain ?? built).split(/\$\{[^}]*\}/), `(${name})`],
    })),
  );
  const has = (message: string, parts: string[]): boolean => parts.reduce((at, part) => (at < 0 ? -1 : message.indexOf(part, at)), 0) >= 0;
  expect(thrown.filter(({ parts }) => !messages.some((message) => has(message, parts))).map(({ at }) => at)).toEqual([]);
  const count = sources('lib/aws').reduce((sum, file) => sum + code(file).split('new InputError(').length - 1, 0);
  expect(thrown).toHaveLength(count);
});
