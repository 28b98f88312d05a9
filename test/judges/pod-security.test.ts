import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JsonObject, parseDocuments } from '../../lib/inventory';
import { ApiServer, DRY_RUN } from './api-server';
import { ours } from './pod-security/ours';
import { type Case, cases, LEVELS, VERSIONS } from './pod-security/pods';

/** Folder of the judge that is built from `pod-security/main.go`. */
const folder = process.env.POD_SECURITY;
const judge = folder === undefined ? test.skip : test;
const live = process.env.CP_BIN === undefined ? test.skip : test;

const SEED = 20_261_125;
const GENERATED = 20_000;
const LIVE = 2_000;

/** What the evaluator of the API server says: the checks that each pod fails, sorted. */
function theirs(list: readonly Case[]): string[][] {
  const input = list.map((one) => JSON.stringify(one)).join('\n');
  const { status, stdout, stderr } = spawnSync(join(folder as string, 'pod-security'), { input, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { checks: string[] }).checks.sort());
}

/** Cases on which the two differ, a few of them in full. */
function differences(list: readonly Case[], left: readonly string[][], right: readonly string[][]): string[] {
  const wrong = list.flatMap((one, index) =>
    left[index].join() === right[index].join()
      ? []
      : [`${one.level} ${one.version}: ours [${left[index]}], theirs [${right[index]}] ${JSON.stringify(one.pod)}`],
  );
  return wrong.length > 5 ? [...wrong.slice(0, 5), `and ${wrong.length - 5} more`] : wrong;
}

const report = (text: string): void => void process.stdout.write(`${text}\n`);

/** The module's own pods: folders by level, version and whether they pass. */
function fixtures(): (Case & { readonly name: string; readonly passes: boolean })[] {
  const module = process.env.POD_SECURITY_MODULE as string;
  return LEVELS.flatMap((level) =>
    VERSIONS.flatMap((version) =>
      (['pass', 'fail'] as const).flatMap((kind) => {
        const path = join(module, 'test', 'testdata', level, `v${version}`, kind);
        return readdirSync(path).map((name) => {
          const [pod] = parseDocuments(readFileSync(join(path, name), 'utf8'), 'kubernetes', name) as JsonObject[];
          return { level, version, pod, name: `${level}/v${version}/${kind}/${name}`, passes: kind === 'pass' };
        });
      }),
    ),
  );
}

judge(
  'every fixture of the Pod Security module is judged as its folder says',
  () => {
    const list = fixtures();
    expect(list.length).toBeGreaterThan(1_000);
    const said = ours(list);
    const wrong = list.flatMap(({ name, passes }, index) => ((said[index].length === 0) === passes ? [] : [`${name}: ${said[index]}`]));
    report(`pod-security fixtures: ${list.length - wrong.length} of ${list.length} right`);
    expect(wrong).toEqual([]);
    expect(differences(list, said, theirs(list))).toEqual([]);
  },
  300_000,
);

judge(
  `${GENERATED} generated pods get the same verdict and the same check ids`,
  () => {
    const list = [...cases(GENERATED, SEED)];
    const mine = ours(list);
    const wrong = differences(list, mine, theirs(list));
    const met = new Map<string, number>();
    for (const id of mine.flat()) met.set(id, (met.get(id) ?? 0) + 1);
    const allowed = mine.filter((failed) => failed.length === 0).length;
    report(
      `pod-security generated: ${GENERATED} pods, ${allowed} allowed; ${[...met]
        .sort()
        .map(([id, count]) => `${id} ${count}`)
        .join(', ')}`,
    );
    expect(wrong).toEqual([]);
    // A check that no pod fails, or a generator that makes bad pods only, would prove nothing.
    expect(met.size).toBe(19);
    expect(Math.min(...met.values())).toBeGreaterThan(100);
    expect(allowed).toBeGreaterThan(GENERATED / 10);
  },
  600_000,
);

/** Reasons as admission words them, by check; two checks share some, of which only one runs at a level and version. */
const REASONS: readonly (readonly [reason: RegExp, id: (one: Case) => string])[] = [
  [/forbidden AppArmor profiles? \(/, () => 'appArmorProfile'],
  [/non-default capabilities \(/, () => 'capabilities_baseline'],
  [/unrestricted capabilities \(/, () => 'capabilities_restricted'],
  [/host namespaces \(/, () => 'hostNamespaces'],
  [/hostPath volumes \(/, () => 'hostPathVolumes'],
  [/hostPort \(/, () => 'hostPorts'],
  [/probe or lifecycle host \(/, () => 'hostProbesAndHostLifecycle'],
  [/privileged \(/, () => 'privileged'],
  [
    /procMount \(/,
    ({ level, version }) => (level === 'restricted' && Number(version.slice(2)) >= 35 ? 'procMount_restricted' : 'procMount'),
  ],
  [/seLinuxOptions \(/, () => 'seLinuxOptions'],
  [/seccompProfile \(/, ({ level }) => `seccompProfile_${level}`],
  [/forbidden sysctls \(/, () => 'sysctls'],
  [/hostProcess \(/, () => 'windowsHostProcess'],
  [/allowPrivilegeEscalation != false \(/, () => 'allowPrivilegeEscalation'],
  [/restricted volume types \(/, () => 'restrictedVolumes'],
  [/runAsNonRoot != true \(/, () => 'runAsNonRoot'],
  [/runAsUser=0 \(/, () => 'runAsUser'],
];

live(
  `${LIVE} generated pods get the same answer from the admission of a running API server`,
  async () => {
    const server = new ApiServer(4);
    const namespaceOf = ({ level, version }: Pick<Case, 'level' | 'version'>): string => `pss-${level}-${version.replace('.', '-')}`;
    for (const level of LEVELS) {
      for (const version of VERSIONS) {
        const name = namespaceOf({ level, version });
        const labels = { 'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/enforce-version': `v${version}` };
        await server.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
        await server.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } });
      }
    }
    const judged: Case[] = [];
    const answers: string[][] = [];
    let refused = 0;
    // Another seed than above, and more of them, because the server refuses many before it comes to admission.
    const source = cases(LIVE * 20, SEED + 1);
    const ask = async (): Promise<void> => {
      for (let next = source.next(); !next.done && judged.length < LIVE; next = source.next()) {
        const one = next.value;
        const { status, body } = await server.call('POST', `/api/v1/namespaces/${namespaceOf(one)}/pods${DRY_RUN}`, one.pod);
        const message = String(body.message ?? '');
        if (status >= 300 && !message.includes('violates PodSecurity')) {
          // Only what validation says: anything else would hide that nothing was judged.
          if (status !== 422) throw new Error(`${status} ${message}`);
          refused += 1;
          continue;
        }
        judged.push(one);
        answers.push(
          status < 300
            ? []
            : REASONS.filter(([reason]) => reason.test(message))
                .map(([, id]) => id(one))
                .sort(),
        );
      }
    };
    await Promise.all([ask(), ask(), ask(), ask()]);
    server.close();
    const allowed = answers.filter((failed) => failed.length === 0).length;
    report(`pod-security live: ${judged.length} pods judged, ${allowed} allowed, ${refused} refused before admission`);
    expect(judged.length).toBeGreaterThanOrEqual(LIVE);
    expect(differences(judged, ours(judged), answers)).toEqual([]);
    expect(allowed).toBeGreaterThan(LIVE / 10);
    expect(answers.filter((failed) => failed.length > 0).length).toBeGreaterThan(LIVE / 10);
  },
  600_000,
);
