import * as fc from 'fast-check';
import { type HardenedText, hardenText, unifiedDiff } from '../../lib/adoption';
import { allControls } from '../../lib/controls/catalogue';
import type { Risk } from '../../lib/controls/control';
import { harden } from '../../lib/controls/harden';
import { type JsonObject, parseDocuments } from '../../lib/inventory';
import { failure as failureOf } from '../inventory/failure';

const STRICT: readonly Risk[] = ['none', 'restart', 'mayBreak'];
const hardened = (text: string, own: { risks?: readonly Risk[]; overwrite?: boolean } = {}): HardenedText =>
  hardenText(text, { kubernetes: '1.35', risks: own.risks ?? STRICT, overwrite: own.overwrite ?? false });
const added = (text: string, result: string): string[] =>
  unifiedDiff('x', text, result)
    .slice(2)
    .filter((line) => /^[-+]/.test(line));

const DEPLOYMENT = `# Our web tier.
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}   # short form
spec:
  replicas: 3            # three zones
  template:
    spec:
      containers:
        - image: "registry.example.com/web:1.0.0"
          name: web      # the web server
          args:
          - |
            several
            lines
          # and nothing else
        - name: side
          image: registry.example.com/side:1.0.0
          securityContext:
      volumes:
      - name: tmp
        emptyDir: {}
# the end
`;

describe('a text is changed in place', () => {
  test('what was there stays, comments, order, quotes and indentation; lines are added', () => {
    const { text } = hardened(DEPLOYMENT, { risks: ['none', 'restart'] });
    // Lines that go are those that hold a changed value themselves.
    expect(added(DEPLOYMENT, text).filter((line) => line.startsWith('-'))).toEqual(['-          securityContext:']);
    for (const comment of ['# Our web tier.', '# short form', '# three zones', '# the web server', '# and nothing else', '# the end']) {
      expect(text).toContain(comment);
    }
    expect(text).toContain(`          - |
            several
            lines
          securityContext:
            allowPrivilegeEscalation: false
`);
  });

  test('twice is once, byte for byte, at every level', () => {
    for (const risks of [[], ['none'], ['none', 'restart'], STRICT] as Risk[][]) {
      const once = hardened(DEPLOYMENT, { risks });
      const twice = hardened(once.text, { risks });
      expect(twice.text).toBe(once.text);
      expect(twice.objects.flatMap(({ changes }) => changes)).toEqual([]);
    }
  });

  test('it says what hardening of the object says', () => {
    const [object] = parseDocuments(DEPLOYMENT, 'kubernetes') as JsonObject[];
    expect(parseDocuments(hardened(DEPLOYMENT).text, 'kubernetes')).toEqual([harden(object, { kubernetes: '1.35' })]);
  });

  test('of every document and every item of a List, nested ones too', () => {
    const pod = (name: string) => `apiVersion: v1, kind: Pod, metadata: {name: ${name}}, spec: {containers: [{name: c, image: 'x:1'}]}`;
    const text = `---\n# nothing\n---\n{${pod('a')}}\n---\napiVersion: v1\nkind: List\nitems:\n- {${pod('b')}}\n- apiVersion: v1\n  kind: PodList\n  items:\n  - metadata: {name: c}\n    spec: {containers: [{name: c, image: 'x:1'}]}\n`;
    const result = hardened(text);
    expect(result.objects.map(({ name, line, changes }) => [name, line, changes.length > 0])).toEqual([
      ['a', 4, true],
      ['b', 9, true],
      ['c', 13, true],
    ]);
    // An item that leaves its kind to the list still does.
    expect(result.text).toContain('  - metadata: {name: c}\n    spec:');
    expect(hardened(result.text).text).toBe(result.text);
  });

  test('JSON stays JSON', () => {
    const object = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'c', image: 'x:1' }] } };
    for (const text of [JSON.stringify(object), JSON.stringify(object, undefined, 2), JSON.stringify(object, undefined, 4)]) {
      const result = hardened(text).text;
      expect(JSON.parse(result)).toEqual(harden(object, { kubernetes: '1.35' }));
      expect(hardened(result).text).toBe(result);
    }
  });

  test('lines end as they did', () => {
    const { text } = hardened(DEPLOYMENT.replaceAll('\n', '\r\n'));
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(text.replaceAll('\r\n', '\n')).toBe(hardened(DEPLOYMENT).text);
  });

  test('scalars keep the form that Kubernetes reads: octal modes, text that looks like a number', () => {
    const volume = "      - name: keys\n        secret: {secretName: keys, defaultMode: 0400}\n      - {name: '1e3', emptyDir: {}}\n";
    const { text } = hardened(DEPLOYMENT.replace('# the end\n', volume));
    expect(text).toContain('defaultMode: 0400}');
    expect(text).toContain("{name: '1e3', emptyDir: {");
  });

  test('whatever the layout: a thousand generated pods say the same before and after, but for what hardening adds', () => {
    const scalar = fc.oneof(fc.constantFrom('yes', 'no', 'null', '0400', '1e3', 'a: b', '# no comment', '- x', ''), fc.string());
    const layouts = fc.record({
      flow: fc.boolean(),
      json: fc.boolean(),
      spaces: fc.constantFrom(1, 2, 4),
      comment: fc.boolean(),
      end: fc.boolean(),
    });
    const env = fc.array(fc.record({ name: fc.constantFrom('A', 'B'), value: scalar }), { maxLength: 3 });
    const { dump } = require('js-yaml') as typeof import('js-yaml');
    fc.assert(
      fc.property(env, layouts, fc.boolean(), (variables, layout, own) => {
        const container = { name: 'c', image: 'x:1', env: variables, ...(own ? { securityContext: { runAsUser: 0 }, resources: {} } : {}) };
        const object = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: 'a' },
          spec: { containers: [container], volumes: [{ name: 't', emptyDir: {} }] },
        };
        let text = layout.json
          ? JSON.stringify(object, undefined, layout.spaces)
          : dump(object, { indent: layout.spaces + 1, flowLevel: layout.flow ? 3 : -1 });
        if (layout.comment && !layout.json) text = `# first\n${text.replaceAll(/^( *)image: .*$/gm, '$& # image\n$1# below')}`;
        if (layout.end) text = text.trimEnd();
        const before = parseDocuments(text, 'kubernetes') as JsonObject[];
        const result = hardened(text);
        expect(parseDocuments(result.text, 'kubernetes')).toEqual([harden(before[0], { kubernetes: '1.35' })]);
        expect(hardened(result.text).text).toBe(result.text);
        if (layout.comment && !layout.json)
          expect(result.text.match(/# (first|image|below)/g)).toEqual(text.match(/# (first|image|below)/g));
      }),
      { numRuns: 1000, seed: 20261125 },
    );
  }, 120_000);
});

describe('anchors', () => {
  const shared = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Pod
  metadata: &meta {name: a, labels: {app: x}}
  spec: &spec   # the one
    containers: [{name: c, image: 'x:1'}]
- apiVersion: v1
  kind: Pod
  metadata: {<<: *meta, name: b}
  spec: *spec
---
apiVersion: v1
kind: ConfigMap
metadata: {name: map}
data: {a: &a x, b: *a}
`;
  test('are written out where a change would reach another place, and only in that document', () => {
    const result = hardened(shared);
    expect(result.writtenOut).toEqual([1]);
    expect(result.text).toContain('data: {a: &a x, b: *a}');
    expect(result.text.split('\n---\n')[0]).not.toMatch(/[&*]|<</);
    expect(result.text).toContain('# the one');
    const [list] = parseDocuments(result.text, 'kubernetes') as { items: JsonObject[] }[];
    expect(list.items.map(({ metadata }) => metadata)).toEqual([
      { name: 'a', labels: { app: 'x' } },
      { name: 'b', labels: { app: 'x' } },
    ]);
  });

  test('stay where no change touches them', () => {
    const text = DEPLOYMENT.replace('replicas: 3', 'replicas: &three 3\n  minReadySeconds: *three');
    const result = hardened(text);
    expect(result.writtenOut).toEqual([]);
    expect(result.text).toContain('minReadySeconds: *three');
  });

  test('a key that a merge brings in', () => {
    const text = `apiVersion: v1
kind: Pod
metadata: {name: a}
x-defaults: &defaults
  resources: {}
  image: x:1
spec:
  containers:
  - <<: *defaults
    name: c
`;
    const result = hardened(text);
    expect(result.writtenOut).toEqual([1]);
    expect(parseDocuments(result.text, 'kubernetes')).toMatchObject([
      {
        'x-defaults': { resources: {}, image: 'x:1' },
        spec: { containers: [{ name: 'c', image: 'x:1', resources: { limits: { memory: '512Mi' } } }] },
      },
    ]);
  });
});

describe('what somebody wrote', () => {
  const weak = `apiVersion: v1
kind: Pod
metadata: {name: a, namespace: shop}
spec:
  enableServiceLinks: true
  automountServiceAccountToken: true
  containers:
  - name: c
    image: x:1
    securityContext:
      readOnlyRootFilesystem: false # for now
      capabilities:
        drop:
        - NET_RAW
`;
  test('stays, and is told', () => {
    const { text, objects } = hardened(weak);
    expect(text).toContain('readOnlyRootFilesystem: false # for now');
    expect(text).toContain('enableServiceLinks: true');
    expect(objects[0].left.map(({ control }) => control)).toEqual(expect.arrayContaining(['K-CTR-08', 'K-CTR-09', 'K-POD-15', 'K-POD-19']));
  });

  test('is replaced where the caller says so and a control fails it; what was there is told', () => {
    const { text, objects } = hardened(weak, { overwrite: true });
    expect(text).toContain('readOnlyRootFilesystem: true # for now');
    expect(parseDocuments(text, 'kubernetes')).toMatchObject([
      {
        spec: {
          enableServiceLinks: false,
          automountServiceAccountToken: false,
          containers: [{ securityContext: { capabilities: { drop: ['ALL'] } } }],
        },
      },
    ]);
    const changes = new Map(objects[0].changes.map((change) => [change.path, change]));
    expect(changes.get('spec.containers[0].securityContext.readOnlyRootFilesystem')).toMatchObject({
      control: 'K-CTR-08',
      before: false,
      after: true,
    });
    expect(objects[0].left).toEqual([]);
    expect(hardened(text, { overwrite: true }).text).toBe(text);
  });

  test('and exempted stays even then', () => {
    const records = JSON.stringify([{ control: 'K-CTR-08', kind: 'exemption', owner: 'shop', reason: 'writes', until: '2027-03-01' }]);
    const exempt = weak.replace('namespace: shop}', `namespace: shop, annotations: {cdk-bulwark/acceptances: '${records}'}}`);
    const { text, objects } = hardened(exempt, { overwrite: true });
    expect(text).toContain('readOnlyRootFilesystem: false # for now');
    expect(objects[0].changes.map(({ control }) => control)).not.toContain('K-CTR-08');
    expect(objects[0].left.map(({ control }) => control)).not.toContain('K-CTR-08');
  });
});

test('every change names a control whose repair has the risk, and how to test it', () => {
  const byId = new Map(allControls.map((control) => [control.id, control]));
  const { objects } = hardened(DEPLOYMENT);
  for (const { control, risk, note } of objects.flatMap(({ changes }) => changes)) {
    expect({ risk, note }).toEqual({ risk: byId.get(control)?.repair?.risk, note: byId.get(control)?.repair?.note });
  }
  expect(new Set(objects.flatMap(({ changes }) => changes).map(({ control }) => control)).size).toBeGreaterThan(8);
});

test('a layout that does not take the change is refused, and nothing is guessed', () => {
  const text = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
  - name: c
    image: x:1
    ? securityContext # not here: below
    :
`;
  expect(failureOf(() => hardened(text))).toMatchObject({ code: 'YamlUneditable', place: { file: undefined } });
});

describe('the unified difference', () => {
  const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);
  test('shows three lines around a change and where it stands', () => {
    const before = lines(20);
    const after = [...before.slice(0, 9), 'new', ...before.slice(10)];
    expect(unifiedDiff('f.yaml', before.join('\n'), after.join('\n'))).toEqual([
      '--- a/f.yaml',
      '+++ b/f.yaml',
      '@@ -7,7 +7,7 @@',
      ' line 6',
      ' line 7',
      ' line 8',
      '-line 9',
      '+new',
      ' line 10',
      ' line 11',
      ' line 12',
    ]);
    expect(unifiedDiff('f.yaml', 'same', 'same')).toEqual([]);
  });

  test('applied to the one text gives the other', () => {
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const made: string[] = [];
        let at = 0;
        for (const line of unifiedDiff('x', before.join('\n'), after.join('\n')).slice(2)) {
          const hunk = /^@@ -(\d+),/.exec(line);
          if (hunk !== null) {
            made.push(...before.slice(at, Number(hunk[1]) - 1));
            at = Number(hunk[1]) - 1;
          } else {
            if (!line.startsWith('+')) {
              expect(line.slice(1)).toBe(before[at]);
              at += 1;
            }
            if (!line.startsWith('-')) made.push(line.slice(1));
          }
        }
        expect([...made, ...before.slice(at)]).toEqual(after);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
