import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Progress } from '../../lib/hosts/cli/progress';
import { run } from '../../lib/hosts/cli/run';
import { type Catalogue, crosswalk, catalogue as ours } from '../../lib/posture/selection';
import { encrypted, fake, labelled, notPublic, versioned } from '../audit/fakes';

const insecure = join(__dirname, '../fixtures/insecure');
const catalogue = () => ({
  allControls: [labelled, encrypted, versioned, notPublic],
  ids: ['K-CTR-03', 'A-S3-01', 'A-S3-02', 'A-S3-03', 'K-CTR-77'],
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulwark-cli-'));
});

async function bulwark(args: string[], own: { stdin?: string; env?: NodeJS.ProcessEnv; controls?: Catalogue } = {}) {
  let out = '';
  let err = '';
  const status = await run(
    args,
    {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      stdin: async () => own.stdin ?? '',
      columns: 100,
      color: false,
      env: own.env ?? {},
    },
    () => own.controls ?? catalogue(),
  );
  return { status, out, err: err.replaceAll(`${folder}/`, '') };
}

const put = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const good = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: {}\n';
const bad = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels:\n    bad: very\n';

describe('check', () => {
  test('what is clean gives 0 and says so', async () => {
    const { status, out, err } = await bulwark(['check', put('a.yaml', good), '--as-of', '2026-11-01']);
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain('No finding at or above medium');
  });

  test('findings give 1, as text with control, resource, line, message and remedy', async () => {
    const { status, out } = await bulwark(['check', put('a.yaml', bad)]);
    expect(status).toBe(1);
    for (const part of [
      'HIGH  1 finding',
      'Deployment web',
      'a.yaml',
      'K-CTR-03  K-CTR-03 holds',
      'the label is very (line 6, metadata.labels.bad)',
      'fix: mend it',
    ]) {
      expect(out).toContain(part);
    }
  });

  test('and as JSON by the contract', async () => {
    const { status, out } = await bulwark([
      'check',
      put('a.yaml', bad),
      '--format',
      'json',
      '--kubernetes',
      '1.35',
      '--as-of',
      '2026-11-01',
    ]);
    expect(status).toBe(1);
    const report = JSON.parse(out);
    expect(report.schemaVersion).toBe(1);
    expect(report.summary).toMatchObject({ pass: 0, fail: 1, undecided: 0, exempt: 0, blocking: 1, failOn: 'medium', kubernetes: '1.35' });
    expect(report.findings).toEqual([
      {
        control: 'K-CTR-03',
        title: 'K-CTR-03 holds',
        severity: 'high',
        verdict: 'fail',
        blocking: true,
        resource: { kind: 'Deployment', name: 'web' },
        message: 'the label is very',
        remedy: 'mend it',
        source: { file: join(folder, 'a.yaml'), line: 6 },
        at: 'metadata.labels.bad',
        threats: ['workload-attack'],
      },
    ]);
  });

  test('the insecure fixture fails with file, line, control and remedy', async () => {
    const { status, out } = await bulwark(['check', insecure, '--format', 'json']);
    expect(status).toBe(1);
    for (const { control, remedy, source } of JSON.parse(out).findings) {
      expect([control, remedy, source.file]).toEqual([
        expect.stringMatching(/^[AK]-/),
        expect.any(String),
        expect.stringContaining('insecure/'),
      ]);
      expect(source.line).toBeGreaterThan(0);
    }
  });

  test('reads standard input', async () => {
    const { status, out } = await bulwark(['check', '-'], { stdin: bad });
    expect(status).toBe(1);
    expect(out).toContain('<stdin>');
  });

  test('the threshold decides, and undecided ones when asked', async () => {
    const file = put('a.yaml', bad);
    expect((await bulwark(['check', file, '--fail-on', 'critical'])).status).toBe(0);
    expect((await bulwark(['check', file, '--fail-on', 'HIGH'])).status).toBe(1);
    const unclear = put('b.yaml', bad.replace('bad', 'unclear'));
    expect((await bulwark(['check', unclear])).status).toBe(0);
    expect((await bulwark(['check', unclear, '--fail-on-undecided'])).status).toBe(1);
  });

  test('runs the controls that are named, by repetition or commas', async () => {
    const file = put('a.yaml', bad);
    expect((await bulwark(['check', '--control', 'A-S3-01,A-S3-02', file])).status).toBe(0);
    expect((await bulwark(['check', '--control', 'A-S3-01', '--control', 'k-ctr-03', file])).status).toBe(1);
  });

  test('break-glass passes and stands in both reports', async () => {
    const file = put('a.yaml', bad);
    const text = await bulwark(['check', file, '--break-glass', 'platform-admins:outage']);
    expect(text.status).toBe(0);
    expect(text.out).toContain('Break-glass by platform-admins: outage.');
    expect(text.out).toContain('the label is very');
    const json = await bulwark(['check', file, '--break-glass', 'platform-admins:outage', '--format', 'json']);
    expect(JSON.parse(json.out).breakGlass).toEqual({ owner: 'platform-admins', reason: 'outage' });
  });

  test('draws the matrix on demand', async () => {
    const { out } = await bulwark(['check', put('a.yaml', good), insecure, '--matrix']);
    expect(out).toMatch(/category +cloud +container\n/);
    expect(out).toMatch(/isolation +1\/1 +2\/2/);
    expect((await bulwark(['check', insecure])).out).not.toContain('CATEGORY BY BOUNDARY');
  });

  test('writes a file whole, or leaves the old one', async () => {
    const file = put('a.yaml', bad);
    const output = put('report.json', 'old');
    const { status, out, err } = await bulwark(['check', file, '--format', 'json', '--output', output]);
    expect([status, out, err]).toEqual([1, '', 'bulwark: 1 finding, 1 at or above medium; written to report.json\n']);
    expect(JSON.parse(readFileSync(output, 'utf8')).schemaVersion).toBe(1);
    writeFileSync(output, 'old');
    expect((await bulwark(['check', put('b.yaml', 'a: ['), '--output', output])).status).toBe(2);
    expect(readFileSync(output, 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['a.yaml', 'b.yaml', 'report.json']);
  });

  test('an output that cannot be written leaves nothing behind', async () => {
    mkdirSync(join(folder, 'taken'));
    const file = put('a.yaml', good);
    for (const output of ['taken', 'none/report.txt']) {
      const { status, err } = await bulwark(['check', file, '--output', join(folder, output)]);
      expect(status).toBe(2);
      expect(err).toMatch(/^bulwark: '.*' cannot be written \(E[A-Z]+\); name a file in a folder that exists \(OutputUnwritable\)\n$/);
    }
    expect(readdirSync(folder).sort()).toEqual(['a.yaml', 'taken']);
  });
});

describe('a fleet', () => {
  const web = (name: string, more = '') =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  labels:\n    bad: very\n${more}`;
  const fleet = (number: number) => Array.from({ length: number }, (_, at) => web(`web-${1_000 + at}`)).join('---\n');

  test('is listed as far as somebody reads, and counted whole', async () => {
    const { status, out } = await bulwark(['check', put('a.yaml', fleet(130))]);
    expect(status).toBe(1);
    expect(out).toContain('HIGH  130 findings');
    expect(out.match(/Deployment web-/g)).toHaveLength(100);
    expect(out).toContain('web-1099');
    expect(out).toContain('  and 30 resources more (K-CTR-03 30); bulwark check --all lists them\n');
    expect(out).toContain('130 findings at or above medium');
    const [last] = [...out.matchAll(/\(line (\d+)/g)].slice(-1);
    expect(Number(last[1])).toBe(99 * 7 + 6);
  });

  test('is listed whole with --all, and in JSON', async () => {
    const file = put('a.yaml', fleet(130));
    const { out } = await bulwark(['check', file, '--all']);
    expect(out.match(/Deployment web-/g)).toHaveLength(130);
    expect(out).not.toContain('--all');
    const report = JSON.parse((await bulwark(['check', file, '--format', 'json'])).out) as { findings: { source: { line: number } }[] };
    expect(report.findings.map(({ source }) => source.line)).toEqual(Array.from({ length: 130 }, (_, at) => at * 7 + 6));
  });

  test('of a hundred or fewer is listed whole', async () => {
    const { out } = await bulwark(['check', put('a.yaml', fleet(100))]);
    expect(out.match(/Deployment web-/g)).toHaveLength(100);
    expect(out).not.toContain('--all');
  });
});

describe('progress', () => {
  test('waits a quarter of a second, keeps its pace, and takes its line away', () => {
    let now = 0;
    const said: string[] = [];
    const progress = new Progress({ progress: (text) => said.push(text) }, () => now);
    progress.say('too soon');
    now = 249;
    progress.end();
    expect(said).toEqual([]);
    now = 250;
    progress.say('one');
    progress.say('dropped');
    now = 350;
    progress.say('two');
    progress.end();
    progress.end();
    progress.during('three', () => undefined);
    const clear = '\r\u001b[2K';
    expect(said).toEqual([`${clear}one`, `${clear}two`, clear, `${clear}three`, clear]);
  });

  test('says nothing without a terminal', () => {
    let now = 0;
    const progress = new Progress({}, () => now);
    now = 10_000;
    expect(progress.during('anything', () => 7)).toBe(7);
  });
});

describe('what cannot be used gives 2 and one line', () => {
  test.each([
    [['check', 'F/a.yaml', '--format', 'xml'], "there is no format 'xml'; choose text or json (FormatUnknown)"],
    [
      ['check', 'F/a.yaml', '--fail-on', 'severe'],
      "there is no severity 'severe'; choose one of low, medium, high, critical (SeverityUnknown)",
    ],
    [
      ['check', 'F/a.yaml', '--kubernetes', '2'],
      "the Kubernetes version is '2'; give one from 1.25 to 1.37, for example 1.35 (KubernetesVersionUnknown)",
    ],
    [['check', 'F/a.yaml', '--as-of', 'May'], "--as-of is 'May', which is no calendar day; write it as YYYY-MM-DD (DateInvalid)"],
    [
      ['check', 'F/a.yaml', '--break-glass', 'me'],
      "break-glass is 'me'; write it as OWNER:REASON, for example 'platform-admins:outage of 3 May' (BreakGlassIncomplete)",
    ],
    [['check', 'F/a.yaml', '--control', 'K-CTR-30'], "there is no control 'K-CTR-30'; did you mean K-CTR-03 (UnknownControl)"],
    [['check', 'F/none'], "there is no file or folder 'none'; correct the path, or synthesize first (PathMissing)"],
    [['check', 'F/broken.yaml'], /^broken\.yaml:3:\d+: .*\(YamlInvalid\)$/],
    [['check', '-'], '<stdin>: standard input is empty; pass manifests, templates or the output of cdk synth (NothingToCheck)'],
    [['explain', 'K-CTR-3'], /^there is no control 'K-CTR-3'; did you mean K-CTR-03/],
    [['explain', 'K-CTR-77'], /^control 'K-CTR-77' is reserved/],
  ])('%j', async (args, message) => {
    put('a.yaml', bad);
    put('broken.yaml', 'kind: A\nmetadata: [\n');
    const { status, out, err } = await bulwark(args.map((arg) => arg.replace('F/', `${folder}/`)));
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(/^bulwark: [^\n]+\n$/);
    const said = err.replace('bulwark: ', '').trimEnd();
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });

  test.each([
    [['chek'], "error: unknown command 'chek'"],
    [['check', '--formt', 'json'], "error: unknown option '--formt'"],
    [['explain'], "error: missing required argument 'control'"],
  ])('%j', async (args, message) => {
    const { status, err } = await bulwark(args);
    expect(status).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });

  test('no stack for a fault of ours, but with BULWARK_DEBUG', async () => {
    const file = put('a.yaml', good);
    const faulty = {
      get allControls(): never {
        throw new RangeError('too deep');
      },
      ids: [],
    };
    const quiet = await bulwark(['check', file], { controls: faulty });
    expect([quiet.status, quiet.err]).toEqual([2, 'bulwark: unexpected error: too deep; set BULWARK_DEBUG=1 to see where\n']);
    expect((await bulwark(['check', file], { controls: faulty, env: { BULWARK_DEBUG: '1' } })).err).toContain('    at ');
  });
});

describe('what it tells about itself', () => {
  test('a version, help and exit statuses', async () => {
    expect(await bulwark(['--version'])).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    const help = await bulwark(['--help']);
    expect(help.status).toBe(0);
    expect(help.out).toContain('Exit status: 0 no finding');
    expect((await bulwark([])).status).toBe(2);
  });

  test('explain has why, fix, an example of each kind', async () => {
    const detailed = fake({
      ...labelled,
      because: 'uid 0 inside is uid 0 outside',
      references: { cisEks: ['4.2.1'], pss: 'restricted', scanners: { checkov: ['CKV_K8S_40'] } },
      fatal: true,
      repair: { risk: 'restart', note: 'watch the rollout', apply: () => undefined },
      examples: {
        holds: [{ manifests: [{ kind: 'Pod' }] }],
        breaks: [{ name: 'as root', manifests: [{ kind: 'Pod', spec: { runAsUser: 0 } }] }],
      },
    });
    const controls = { allControls: [detailed], ids: [detailed.id] };
    const { status, out } = await bulwark(['explain', 'k-ctr-03'], { controls });
    expect(status).toBe(0);
    for (const part of [
      'uid 0 inside is uid 0 outside',
      'takes neither exemption nor decision',
      'CKV_K8S_40',
      'risk restart. watch the rollout',
      '# as root',
      'runAsUser: 0',
    ]) {
      expect(out).toContain(part);
    }
    const data = JSON.parse((await bulwark(['explain', 'K-CTR-03', '--format', 'json'], { controls })).out);
    expect(data).toMatchObject({ id: 'K-CTR-03', fatal: true, subjects: 'Deployment', repair: { risk: 'restart' } });
  });

  test('controls is one line each, or data', async () => {
    const { out } = await bulwark(['controls']);
    expect(out.trimEnd().split('\n')).toHaveLength(5);
    expect(out).toMatch(/^A-S3-01 +high +library +encryption\/cloud +buckets are encrypted$/m);
    expect(JSON.parse((await bulwark(['controls', '--format', 'json'])).out).map(({ id }: { id: string }) => id)).toEqual([
      'K-CTR-03',
      'A-S3-01',
      'A-S3-02',
      'A-S3-03',
    ]);
  });
});

describe('frameworks', () => {
  const controls = ours();
  const plain =
    'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\nspec:\n  containers: [{ name: web, image: "web:1.0.0" }]\n';
  const hardened = `${plain.replace('"web:1.0.0" }', '"web:1.0.0", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } } }')}  securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }\n`;

  test('a pod that holds one gives 0, and only its controls run', async () => {
    const args = ['check', put('a.yaml', hardened), '--framework', 'pss-restricted', '--kubernetes', '1.37', '--as-of', '2026-11-01'];
    const { status, out, err } = await bulwark(args, { controls });
    expect([status, err]).toEqual([0, '']);
    expect(out).toMatch(/^PSS-RESTRICTED {2}holds$/m);
    expect(out).toContain('15 of 15 requirements covered');
    expect(out).not.toContain('K-RES-01');
  });

  test('one that does not gives 1, whatever the threshold, and the report says which requirements', async () => {
    const args = ['check', put('a.yaml', plain), '--framework', 'pss-restricted', '--fail-on', 'critical', '--format', 'json'];
    const { status, out } = await bulwark(args, { controls });
    expect(status).toBe(1);
    const { findings, frameworks, summary } = JSON.parse(out);
    expect(summary.blocking).toBe(0);
    expect(frameworks).toHaveLength(1);
    const [{ id, verdict, requirements }] = frameworks;
    expect([id, verdict]).toEqual(['pss-restricted', 'fail']);
    const failed = requirements.filter((requirement: { verdict: string }) => requirement.verdict === 'fail');
    expect(failed.map((requirement: { id: string }) => requirement.id).sort()).toEqual([
      'allowPrivilegeEscalation',
      'capabilities_restricted',
      'runAsNonRoot',
      'seccompProfile_restricted',
    ]);
    expect(findings.map(({ control }: { control: string }) => control).sort()).toEqual(['K-CTR-03', 'K-CTR-04', 'K-CTR-09', 'K-CTR-16']);
  });

  test('break-glass lets it pass, several may be asked at once, and a control beside them', async () => {
    const file = put('a.yaml', plain);
    expect((await bulwark(['check', file, '--framework', 'pss-restricted', '--break-glass', 'me:outage'], { controls })).status).toBe(0);
    const both = [
      'check',
      file,
      '--framework',
      'pss-baseline,pss-restricted',
      '--control',
      'k-pod-04',
      '--format',
      'json',
      '--kubernetes',
      '1.37',
    ];
    const report = JSON.parse((await bulwark(both, { controls })).out);
    expect(report.frameworks.map(({ id, verdict }: { id: string; verdict: string }) => `${id} ${verdict}`)).toEqual([
      'pss-baseline pass',
      'pss-restricted fail',
    ]);
    expect(report.findings.map(({ control }: { control: string }) => control)).toContain('K-POD-04');
  });

  test('nothing to judge is no pass: undecided, which breaks the build where that is asked', async () => {
    const file = put('a.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: shop }\n');
    const { status, out } = await bulwark(['check', file, '--framework', 'pss-baseline'], { controls });
    expect([status, /^PSS-BASELINE {2}is undecided$/m.test(out)]).toEqual([0, true]);
    expect((await bulwark(['check', file, '--framework', 'pss-baseline', '--fail-on-undecided'], { controls })).status).toBe(1);
  });

  test('a framework whose controls are not all here is incomplete and gives 1', async () => {
    const some = { ...controls, allControls: controls.allControls.filter(({ id }) => id !== 'K-CTR-16') };
    const { status, out } = await bulwark(['check', put('a.yaml', hardened), '--framework', 'pss-restricted'], { controls: some });
    expect(status).toBe(1);
    expect(out).toContain('PSS-RESTRICTED  is incomplete: never passed');
    expect(out).toContain('K-CTR-16 not checked by this version');
  });

  test('are listed, as a table or as data', async () => {
    const { out } = await bulwark(['frameworks'], { controls });
    expect(out).toMatch(/^pss-restricted +(\d+) +\1 +Kubernetes 1\.25 to 1\.37 +Pod Security Standards, restricted$/m);
    const data = JSON.parse((await bulwark(['frameworks', '--format', 'json'], { controls })).out);
    const { requirements } = data.find(({ id }: { id: string }) => id === 'pss-baseline');
    expect(requirements).toContainEqual(
      expect.objectContaining({
        id: 'procMount',
        covered: true,
        except: expect.stringContaining('user namespace'),
        controls: ['K-CTR-20'],
      }),
    );
  });

  test.each([
    ['pss-restrictd', "there is no framework 'pss-restrictd'; choose pss-restricted (UnknownFramework)"],
    ['iso', /^there is no framework 'iso'; choose .*pss-baseline.*\(UnknownFramework\)$/],
  ])('%s is no framework: one line naming near ones', async (id, message) => {
    const { status, out, err } = await bulwark(['check', put('a.yaml', plain), '--framework', id], { controls });
    expect([status, out]).toEqual([2, '']);
    const said = err.replace('bulwark: ', '').trimEnd();
    if (typeof message === 'string') expect(said).toBe(message);
    else expect(said).toMatch(message);
  });
});

describe('rules of scanners', () => {
  const controls = ours();

  test.each([
    ['CKV_K8S_20', 'checkov', ['K-CTR-03']],
    ['ksv-0022', 'trivy', ['K-CTR-10', 'K-CTR-11', 'K-CTR-15']],
    ['docker-sock', 'kube-linter', ['K-POD-07']],
    ['C-0211', 'kubescape', ['K-CTR-22']],
  ])('%s is explained by our controls', async (rule, scanner, ids) => {
    const { status, out } = await bulwark(['explain', rule], { controls });
    expect(status).toBe(0);
    expect(out).toContain(`${rule} of ${scanner} is judged by ${ids.join(', ')}`);
    const data = JSON.parse((await bulwark(['explain', rule, '--format', 'json'], { controls })).out);
    expect(data.map((one: { scanner: string; id: string }) => [one.scanner, one.id])).toEqual(ids.map((id) => [scanner, id]));
  });

  test('every rule of every control finds its way back', () => {
    for (const control of controls.allControls)
      for (const rules of Object.values(control.references.scanners ?? {}))
        for (const rule of rules) expect(crosswalk(rule.toLowerCase(), controls).map((found) => found.control)).toContain(control);
  });

  test('a rule that nobody has is an unknown control', async () => {
    const { status, err } = await bulwark(['explain', 'CKV_K8S_9999'], { controls });
    expect([status, err]).toEqual([2, expect.stringMatching(/there is no control 'CKV_K8S_9999'; .*\(UnknownControl\)/)]);
  });
});

describe('as a process', () => {
  const root = join(__dirname, '../..');
  const start = ['--import', 'tsx', join(__dirname, 'process.ts')];

  test('status, streams and standard input are those of a command', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...start, 'check', '-', '--format', 'json'], {
      cwd: root,
      input: bad,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout).findings[0].source).toEqual({ file: '<stdin>', line: 6 });
    expect(spawnSync(process.execPath, [...start, 'check', 'none'], { cwd: root, encoding: 'utf8' })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: "bulwark: there is no file or folder 'none'; correct the path, or synthesize first (PathMissing)\n",
    });
  });

  test('a reader that stops early is no error', () => {
    const many = Array.from({ length: 3000 }, (_, index) => bad.replace('web', `web${index}`)).join('---\n');
    const file = put('many.yaml', many);
    const command = `"${process.execPath}" ${start.join(' ')} check ${file} --format json 2>${folder}/err | head -c 10`;
    expect(execFileSync('bash', ['-c', command], { cwd: root, encoding: 'utf8' })).toBe('{\n  "schem');
    expect(readFileSync(join(folder, 'err'), 'utf8')).toBe('');
  });

  test('not built yet is said, with what to do', () => {
    const script = join(root, 'bin/bulwark');
    expect(readFileSync(script, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
    const copy = join(folder, 'bin');
    mkdirSync(copy);
    writeFileSync(join(copy, 'bulwark'), readFileSync(script));
    expect(existsSync(join(folder, 'lib'))).toBe(false);
    expect(spawnSync(process.execPath, [join(copy, 'bulwark')], { encoding: 'utf8' })).toMatchObject({
      status: 2,
      stderr: "bulwark: not built yet; run 'npm run build' in the repository\n",
    });
  });
});
