import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/hosts/cli/run';
import { deployment, pods, policy } from '../analysis/scene';

const folder = mkdtempSync(join(tmpdir(), 'bulwark-reach-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'shop.yaml');
const deny = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'deny');
const out = policy(
  {
    podSelector: { matchLabels: { app: 'web' } },
    policyTypes: ['Egress'],
    egress: [{ to: [pods('api')], ports: [{ port: 8080 }, { protocol: 'UDP', port: 53 }] }],
  },
  'out',
);
const into = policy({ podSelector: { matchLabels: { app: 'api' } }, ingress: [{ from: [pods('web')] }] }, 'into');
writeFileSync(file, [deployment('web'), deployment('api'), deny, out, into].map((object) => JSON.stringify(object)).join('\n---\n'));

async function reach(...argv: string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
  const said = { out: '', err: '' };
  const io = {
    out: (text: string) => {
      said.out += text;
    },
    err: (text: string) => {
      said.err += text;
    },
    stdin: async () => '',
    columns: 120,
    color: false,
    env: {},
  };
  return { status: await run(['reach', ...argv], io), ...said };
}

test('lists flows, what enforces them, and how many there are', async () => {
  expect(await reach(file, '--cni', 'vpc-cni')).toEqual({
    status: 0,
    err: '',
    out: [
      '  from      to        ports',
      '  shop/web  shop/api  TCP 8080',
      '  shop/web  shop/api  UDP 53',
      '',
      'Enforced by vpc-cni: the profile vpc-cni was given.',
      '',
      '2 flows between 2 workloads',
      '',
    ].join('\n'),
  });
});

test('says how to learn more where nothing says what enforces policies', async () => {
  const { out: text } = await reach(file);
  expect(text).toContain('  *         shop/*    *         undecided');
  expect(text).toMatch(/Name it with --cni, or pass\s+the templates of the cluster too\./);
  expect((await reach(file, '--cni', 'none')).out).toContain('No policy is enforced: the profile none was given.');
});

test('draws a matrix', async () => {
  expect((await reach(file, '--cni', 'calico', '--matrix')).out).toBe(
    [
      'FROM BY TO  TCP where nothing else is said; . closed, ! unenforced, ? undecided',
      '                      1  2  3',
      '  internet  .            .',
      '  shop/api  .            .  .',
      '  shop/web  8080,53/UDP  .  .',
      '',
      '  1  shop/api',
      '  2  shop/web',
      '  3  internet',
      '',
      'Enforced by calico: the profile calico was given.',
      '',
      '2 flows between 2 workloads',
      '',
    ].join('\n'),
  );
  expect((await reach(file, '--cni', 'none', '--matrix')).out).toContain('8080,53/UDP,*!');
  expect((await reach(file, '--matrix', '--from', 'shop/web', '--to', 'shop/api')).out).toContain('8080,53/UDP,*?');
});

test('tells a connection between two ends hop by hop', async () => {
  const { out: text } = await reach(file, '--cni', 'calico', '--from', 'shop/web', '--to', 'shop/api');
  expect(text).toContain(
    'shop/web -> shop/api TCP 8080, UDP 53\n  + leaves shop/web: NetworkPolicy shop/out allows TCP 8080, UDP 53 to shop/api',
  );
  expect(text).toContain(file);
  expect((await reach(file, '--cni', 'calico', '--from', 'shop/api', '--to', 'internet')).out).toContain(
    'shop/api -> internet nothing passes\n  - leaves shop/api: NetworkPolicy shop/deny closes egress',
  );
  expect((await reach(file, '--cni', 'calico', '--from', 'internet', '--to', 'shop/api')).out).toContain(
    '- no Service, Ingress or route leads from outside to shop/api',
  );
});

test('as JSON', async () => {
  const { out: text } = await reach(file, '--cni', 'calico', '--format', 'json', '--from', 'shop/web', '--to', 'shop/api');
  expect(JSON.parse(text)).toMatchObject({
    schemaVersion: 1,
    enforcement: { cni: 'calico', because: 'the profile calico was given' },
    doubts: [],
    workloads: ['shop/web', 'shop/api'],
    flows: [
      { from: 'shop/web', to: 'shop/api', ports: 'TCP 8080', standing: 'allowed' },
      { from: 'shop/web', to: 'shop/api', ports: 'UDP 53', standing: 'allowed' },
    ],
    connections: [{ from: 'shop/web', to: 'shop/api', ports: ['TCP 8080', 'UDP 53'], hops: [{ passes: true }, { passes: true }] }],
  });
});

test.each([
  [['--cni', 'weave'], /^bulwark: there is no enforcement profile 'weave'; .* \(CniUnknown\)\n$/],
  [['--from', 'shop/wbe'], /^bulwark: no workload has the name 'shop\/wbe'; .* \(WorkloadUnknown\)\n$/],
  [['--format', 'dot'], /^bulwark: there is no format 'dot'; choose text or json \(FormatUnknown\)\n$/],
])('%j is bad usage: one line, exit status 2', async (argv, message) => {
  const { status, err, out: text } = await reach(file, ...argv);
  expect([status, text]).toEqual([2, '']);
  expect(err).toMatch(message);
});

test('a policy that cannot be read is told with its line', async () => {
  const bad = join(folder, 'bad.yaml');
  writeFileSync(
    bad,
    'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: { name: p, namespace: shop }\nspec:\n  podSelector: {}\n  ingress:\n    - from:\n        - ipBlock:\n            cidr: 10.0.0.0/33\n',
  );
  const { status, err } = await reach(bad);
  expect(status).toBe(2);
  expect(err).toBe(
    `bulwark: ${bad}:9: NetworkPolicy shop/p: '10.0.0.0/33' is no range of addresses; write it as 10.0.0.0/8 (CidrInvalid)\n`,
  );
});
