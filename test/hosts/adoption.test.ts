import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../lib/hosts/cli/run';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-adoption-'));
});

async function bulwark(args: string[], own: { stdin?: string; color?: boolean } = {}) {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    stdin: async () => own.stdin ?? '',
    columns: 120,
    color: own.color ?? false,
    env: {},
  };
  const status = await run(args, io);
  return { status, out, err: err.replaceAll(`${folder}/`, '') };
}
const put = (name: string, text: string): string => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const POD = `apiVersion: v1
kind: Pod
metadata:
  name: web   # the web
  namespace: shop
spec:
  containers:
    - name: web
      image: registry.example.com/web:1.0.0
      securityContext:
        readOnlyRootFilesystem: false
`;
const MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\n';

describe('harden', () => {
  test('writes YAML alone to standard output, and to standard error what changed, why, how to test it and what is missing around', async () => {
    const { status, out, err } = await bulwark(['harden', put('pod.yaml', POD), '--level', 'strict', '--kubernetes', '1.35']);
    expect(status).toBe(0);
    expect(out).toMatch(/^apiVersion: v1\nkind: Pod\n/);
    expect(out).toContain('name: web   # the web');
    expect(out).toContain('seccompProfile:\n      type: RuntimeDefault\n');
    for (const part of [
      'Pod shop/web  pod.yaml:1',
      'K-CTR-09    spec.containers[0].securityContext.capabilities.drop: ["ALL"] (may break)',
      "K-CTR-08    left as it is: container 'web' has readOnlyRootFilesystem false",
      'How to test it',
      'namespace shop has no NetworkPolicy here',
      'in 1 of 1 object at level strict',
      '1 value that somebody wrote is weaker',
    ]) {
      expect(err).toContain(part);
    }
  });

  test('by default nothing that a program could miss', async () => {
    const { out } = await bulwark(['harden', put('pod.yaml', POD)]);
    expect(out).toContain('allowPrivilegeEscalation: false');
    expect(out).not.toMatch(/capabilities|runAsUser/);
  });

  test('several files are one stream; what is no manifest is passed over in folders', async () => {
    put('a/pod.yaml', POD.trimEnd());
    put('b/map.yaml', `---\n${MAP}`);
    put('b/values.json', '{"replicas": 3}');
    put('node_modules/pod.yaml', 'kind: [');
    const { status, out } = await bulwark(['harden', folder]);
    expect(status).toBe(0);
    expect(out.split(/^---$/m)).toHaveLength(2);
    expect(out).toContain('kind: ConfigMap');
    expect(out).not.toContain('replicas');
  });

  test('reads standard input', async () => {
    const { status, out } = await bulwark(['harden', '-'], { stdin: POD });
    expect([status, out.includes('RuntimeDefault')]).toEqual([0, true]);
  });

  test('shows the difference, in colour at a terminal', async () => {
    const file = put('pod.yaml', POD);
    const plain = await bulwark(['harden', file, '--diff']);
    expect(plain.out).toMatch(/^--- a\/.*pod\.yaml\n\+\+\+ b\//);
    expect(plain.out).toContain('\n+  enableServiceLinks: false\n');
    const colored = await bulwark(['harden', file, '--diff'], { color: true });
    expect(colored.out).toContain('\u001b[32m+  enableServiceLinks: false\u001b[39m');
    expect(read('pod.yaml')).toBe(POD);
  });

  test('changes files in place, and leaves alone those it has nothing to say of', async () => {
    const file = put('pod.yaml', POD);
    put('map.yaml', MAP);
    const first = await bulwark(['harden', folder, '--write', '--overwrite', '--level', 'strict']);
    expect([first.status, first.out]).toEqual([0, '']);
    expect(first.err).toContain('readOnlyRootFilesystem: true (was false)');
    expect(first.err).toContain('files changed in place');
    const once = read('pod.yaml');
    expect(once).toContain('readOnlyRootFilesystem: true');
    await bulwark(['harden', folder, '--write', '--overwrite', '--level', 'strict']);
    expect([read('pod.yaml'), read('map.yaml')]).toEqual([once, MAP]);
    expect((await bulwark(['harden', file, '--diff', '--overwrite', '--level', 'strict'])).out).toBe('');
  });

  test('writes below another folder', async () => {
    put('in/team/pod.yaml', POD);
    const { status, err } = await bulwark(['harden', join(folder, 'in'), '--output', join(folder, 'out')]);
    expect([status, err.includes('written to out')]).toEqual([0, true]);
    expect(read('out/team/pod.yaml')).toContain('RuntimeDefault');
    expect(read('in/team/pod.yaml')).toBe(POD);
  });

  test('tells the changes as JSON', async () => {
    const { out, err } = await bulwark(['harden', put('pod.yaml', POD), '--format', 'json']);
    expect(err).toBe('');
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      schemaVersion: 1,
      level: 'default',
      kubernetes: '1.34',
      files: [{ changed: true, objects: [{ kind: 'Pod', name: 'web', line: 1 }] }],
    });
    expect(report.files[0].objects[0].changes[0]).toMatchObject({
      control: expect.stringMatching(/^K-/),
      path: expect.any(String),
      note: expect.any(String),
    });
  });

  test.each<[string, () => string[], RegExp]>([
    ['a level that there is not', () => [put('pod.yaml', POD), '--level', 'paranoid'], /LevelUnknown/],
    ['a format that there is not', () => [put('pod.yaml', POD), '--format', 'xml'], /FormatUnknown/],
    ['a version that there is not', () => [put('pod.yaml', POD), '--kubernetes', '1.2'], /KubernetesVersionUnknown/],
    ['a path that there is not', () => [join(folder, 'none.yaml')], /PathMissing/],
    ['a folder without manifests', () => [folder], /NothingToCheck/],
    ['two places to write to', () => [put('pod.yaml', POD), '--write', '--output', folder], /OutputConflict/],
    ['standard input in place', () => ['-', '--write'], /OutputConflict/],
    ['two inputs for one output', () => [put('a/pod.yaml', POD), put('b/pod.yaml', POD), '--output', join(folder, 'out')], /OutputClash/],
    [
      'what is no YAML, with its line',
      () => [put('pod.yaml', POD), put('bad.yaml', `${MAP}data: [\n`), '--write'],
      /bad\.yaml:\d+:\d+: .*YamlInvalid/,
    ],
    ['what is no manifest', () => [put('list.yaml', '- 1\n')], /list\.yaml:1: .*NotAManifest/],
  ])('%s: one line, exit status 2, nothing written', async (_, args, message) => {
    const { status, out, err } = await bulwark(['harden', ...args()]);
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    if (existsSync(join(folder, 'pod.yaml'))) expect(read('pod.yaml')).toBe(POD);
    expect(readdirSync(folder)).not.toContain('out');
  });
});

describe('psp', () => {
  const fixture = join(__dirname, '../fixtures/psp.yaml');
  test('writes objects to standard output and what differs to standard error', async () => {
    const { status, out, err } = await bulwark(['psp', fixture]);
    expect(status).toBe(0);
    expect(out.match(/^kind: \w+$/gm)).toHaveLength(10);
    expect(err).toContain('PodSecurityPolicy restricted  nearest Pod Security level: restricted');
    expect(err).toContain('What differs');
    const check = await bulwark(['check', '-', '--control', 'K-NSP-03'], { stdin: out });
    expect(check.status).not.toBe(2);
  });

  test('as JSON, for a version without mutation', async () => {
    const { out } = await bulwark(['psp', fixture, '--format', 'json', '--kubernetes', '1.35']);
    const { objects, levels, fields, notes } = JSON.parse(out);
    expect(objects.map(({ kind }: { kind: string }) => kind)).not.toContain('MutatingAdmissionPolicy');
    expect([levels.length, fields.length, notes.length > 5]).toEqual([3, 84, true]);
  });

  test('a file without a policy', async () => {
    const { status, err } = await bulwark(['psp', put('map.yaml', MAP)]);
    expect([status, err]).toEqual([2, expect.stringMatching(/map\.yaml: there is no PodSecurityPolicy .*\(PspMissing\)\n$/)]);
  });
});

describe('upgrade', () => {
  const BUDGET = 'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: web, namespace: shop}\n';
  test('exits with 1 when something breaks, and says what, where and what to write', async () => {
    const { status, out } = await bulwark(['upgrade', put('budget.yaml', `${MAP}---\n${BUDGET}`), '--from', '1.25', '--to', '1.26']);
    expect(status).toBe(1);
    expect(out).toContain('BREAKS  PodDisruptionBudget shop/web');
    expect(out).toMatch(/budget\.yaml:5/);
    expect(out).toContain('fix: write policy/v1,');
    expect(out).toContain('1 thing that Kubernetes 1.26 breaks');
  });

  test('exits with 0 when nothing does; comes from the version of the clusters in the files', async () => {
    const template = JSON.stringify({ Resources: { Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Version: '1.36' } } } });
    const { status, out } = await bulwark(['upgrade', put('map.yaml', MAP), put('cluster.json', template), '--to', '1.37']);
    expect([status, out]).toEqual([0, 'Nothing here is known to break between Kubernetes 1.36 and 1.37; 0 undecided, 0 changed\n']);
  });

  test('as JSON', async () => {
    const { status, out } = await bulwark(['upgrade', put('budget.yaml', BUDGET), '--to', '1.37', '--format', 'json']);
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      to: '1.37',
      breaking: 1,
      findings: [
        {
          effect: 'breaks',
          code: 'ApiRemoved',
          resource: { kind: 'PodDisruptionBudget', name: 'web', namespace: 'shop' },
          source: { line: 1 },
        },
      ],
    });
  });

  test.each([
    [['--from', '1.37', '--to', '1.36'], /UpgradeBackwards/],
    [['--to', 'new'], /KubernetesVersionUnknown/],
    [[], /--to/],
  ])('%j: exit status 2', async (args, message) => {
    const { status, err } = await bulwark(['upgrade', put('map.yaml', MAP), ...args]);
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
