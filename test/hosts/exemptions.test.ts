import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lib/hosts/cli/run';
import { encrypted, labelled, notPublic, versioned } from '../audit/fakes';

const catalogue = () => ({
  allControls: [labelled, encrypted, versioned, notPublic],
  ids: ['K-CTR-03', 'A-S3-01', 'A-S3-02', 'A-S3-03', 'K-CTR-77'],
});
const folder = mkdtempSync(join(tmpdir(), 'bulwark-exemptions-'));
const put = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const deployment = (name: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\n  labels: {bad: very}\n---\n`;
const manifests = put('app.yaml', deployment('web') + deployment('api'));

async function bulwark(...args: string[]) {
  let out = '';
  let err = '';
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    stdin: async () => '',
    columns: 100,
    color: false,
    env: {},
  };
  const status = await run([...args, '--as-of', '2026-11-24'], io, catalogue);
  return { status, out, err: err.replaceAll(`${folder}/`, '') };
}

const entry = (own: { [field: string]: string } = {}): string =>
  Object.entries({ control: 'K-CTR-03', where: 'Deployment shop/*', owner: 'shop', reason: 'old agent', until: '2027-06-30', ...own })
    .map(([name, value], index) => `  ${index === 0 ? '-' : ' '} ${name}: ${value}\n`)
    .join('');
const config = (...entries: string[]): string => put('bulwark.yaml', `exemptions:\n${entries.join('')}`);

describe('bulwark.yaml', () => {
  test('exempts what its pattern names, and nothing else', async () => {
    const check = async (where: string) => {
      const { status, out } = await bulwark('check', manifests, '--format', 'json', '--config', config(entry({ where })));
      return [status, (JSON.parse(out) as { summary: { exempt: number; fail: number } }).summary].flatMap((one) =>
        typeof one === 'number' ? one : [one.exempt, one.fail],
      );
    };
    expect(await check('Deployment shop/*')).toEqual([0, 2, 0]);
    expect(await check('Deployment shop/web')).toEqual([1, 1, 1]);
    expect(await check("'* shop/a*'")).toEqual([1, 1, 1]);
    // Characters that mean something in an expression mean themselves here.
    expect(await check("'Deployment shop/w.b'")).toEqual([1, 0, 2]);
  });

  test('is read from the folder one stands in, and is no manifest itself', async () => {
    config(entry());
    const before = process.cwd();
    process.chdir(folder);
    try {
      const { status, out } = await bulwark('check', '.');
      expect([status, out.includes('ACCEPTED  2 findings'), out.includes('not checked')]).toEqual([0, true, false]);
    } finally {
      process.chdir(before);
    }
  });

  test.each<[string, string, string]>([
    [
      'a control that there is not',
      entry({ control: 'K-CTR-33' }),
      "bulwark.yaml:2: there is no control 'K-CTR-33'; did you mean K-CTR-03 (UnknownControl)",
    ],
    ['no owner', entry({ owner: '""' }), "bulwark.yaml:4: 'owner' of the exemption is ''; write it as text (ConfigInvalid)"],
    [
      'a missing reason',
      entry().replace(/ +reason.*\n/, ''),
      "bulwark.yaml:2: 'reason' of the exemption is missing; write it as text (ConfigInvalid)",
    ],
    [
      'no date',
      entry({ until: 'soon' }),
      "bulwark.yaml:6: until of the exemption is 'soon', which is no calendar day; write it as YYYY-MM-DD (DateInvalid)",
    ],
    [
      'a field too many',
      entry({ until: '2027-06-30\n    note: x' }),
      "bulwark.yaml:7: there is no 'note' in an exemption; use control, where, owner, reason, until (ConfigInvalid)",
    ],
    [
      'no map',
      '  - K-CTR-03\n',
      "bulwark.yaml:2: entry 1 of 'exemptions' is no map; give it control, where, owner, reason and until (ConfigInvalid)",
    ],
  ])('refuses %s', async (_, text, message) => {
    expect(await bulwark('check', manifests, '--config', config(text))).toEqual({ status: 2, out: '', err: `bulwark: ${message}\n` });
  });

  test.each<[string, string, RegExp]>([
    [
      'another section',
      'skip: []\n',
      /bulwark\.yaml:1: there is no 'skip' in bulwark\.yaml; use exemptions and decisions \(ConfigInvalid\)/,
    ],
    ['a section that is no list', 'decisions: {a: b}\n', /'decisions' is no list/],
    ['a list', '- a\n', /the file holds no map/],
    ['two documents', 'exemptions: []\n---\nexemptions: []\n', /2 documents/],
    [
      'a decision over a year away',
      `decisions:\n${entry().replace('until: 2027-06-30', 'review: 2029-01-01')}`,
      /review of the decision '2029-01-01' is \d+ days ahead/,
    ],
  ])('refuses %s', async (_, text, message) => {
    const { status, err } = await bulwark('check', manifests, '--config', put('bulwark.yaml', text));
    expect([status, err]).toEqual([2, expect.stringMatching(message)]);
  });

  test('that is not there is told', async () => {
    expect((await bulwark('check', manifests, '--config', join(folder, 'nowhere.yaml'))).err).toMatch(/nowhere\.yaml.*\(PathMissing\)/);
  });
});

describe('bulwark exemptions', () => {
  const many = () =>
    config(
      entry({ where: 'Deployment shop/web' }),
      entry({ where: 'Deployment shop/api', until: '2026-12-10' }),
      entry({ where: 'Deployment gone/*' }),
      entry({ where: 'Deployment shop/*', owner: 'late', until: '2026-11-01' }),
      entry({ control: 'A-S3-03', where: "'AWS::S3::Bucket *'" }),
      entry({ control: 'K-CTR-77' }),
    );

  test('lists who, why, until when and what became of it, what ends first at the top', async () => {
    const { status, out } = await bulwark('exemptions', manifests, '--config', many());
    expect(status).toBe(0);
    const heads = out.split('\n').filter((line) => /^[AK]-/.test(line));
    expect(heads).toEqual([
      'K-CTR-03  exemption by late until 2026-11-01 (23 days ago), ended: its findings are back',
      'K-CTR-03  exemption by shop until 2026-12-10 (16 days left), 1 finding, ends soon',
      'A-S3-03  exemption by shop until 2027-06-30 (218 days left), refused: this control takes none',
      'K-CTR-03  exemption by shop until 2027-06-30 (218 days left), covers nothing: remove it',
      'K-CTR-03  exemption by shop until 2027-06-30 (218 days left), 1 finding',
      'K-CTR-77  exemption by shop until 2027-06-30 (218 days left), not checked by this version',
    ]);
    expect(out).toContain('    on Deployment shop/web\n    old agent\n');
    expect(out).toMatch(/6 records, as of 2026-11-24\n$/);
  });

  test('as JSON, with the place it was written', async () => {
    const { out } = await bulwark('exemptions', manifests, '--format', 'json', '--config', many());
    const { acceptances } = JSON.parse(out) as { acceptances: { state: string; covers: number; source: { line: number } }[] };
    expect(acceptances.map(({ state, covers, source }) => [state, covers, source.line])).toEqual([
      ['ended', 0, 17],
      ['ending', 1, 7],
      ['refused', 0, 22],
      ['unused', 0, 12],
      ['live', 1, 2],
      ['notChecked', 0, 27],
    ]);
  });

  test('says that there are none', async () => {
    expect((await bulwark('exemptions', manifests)).out).toBe('0 records, as of 2026-11-24\n');
  });
});
