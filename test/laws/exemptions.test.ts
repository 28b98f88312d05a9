import { audit, blocking } from '../../lib/audit';
import { allControls } from '../../lib/controls/catalogue';
import type { AnyControl, Example } from '../../lib/controls/control';
import { Severity } from '../../lib/controls/severity';
import {
  type Acceptance,
  buildInventory,
  type Inventory,
  inventoryOf,
  readManifests,
  readObjects,
  readTemplate,
} from '../../lib/inventory';

const AS_OF = '2026-11-24';

/** An example with an exemption from the control on its stack and on each of its objects. */
function exempted(control: AnyControl, { manifests, template }: Example, until: string): Inventory {
  const readings = [
    ...(manifests === undefined ? [] : [typeof manifests === 'string' ? readManifests(manifests) : readObjects(manifests)]),
    ...(template === undefined ? [] : [readTemplate(template, { stack: 'Example' })]),
  ];
  const by = { kind: 'exemption', control: control.id, owner: 'platform-team', reason: 'held by a law', until } as const;
  const acceptances: Acceptance[] = [
    { ...by, scope: { stack: 'Example', path: 'Example' } },
    ...buildInventory(readings).kubernetes.map((object) => ({ ...by, scope: { object } })),
  ];
  return buildInventory([...readings, { kubernetes: [], templates: [], acceptances, notices: [] }]);
}

/** The worst example: what breaks only by its absence has no resource to carry an exemption. */
function breaking(control: AnyControl): Example {
  const found = control.examples.breaks.find((example) =>
    audit(inventoryOf(example), { controls: [control], asOf: AS_OF }).judgements.some(
      ({ verdict, resource }) => verdict === 'fail' && resource !== undefined,
    ),
  );
  if (found === undefined) throw new Error(`no example of ${control.id} has a finding on a resource`);
  return found;
}
const run = (control: AnyControl, until: string) =>
  audit(exempted(control, breaking(control), until), { controls: [control], asOf: AS_OF });
const codes = (found: ReturnType<typeof run>): string[] => [...new Set(found.warnings.map(({ code }) => code))];

describe.each(allControls.map((control) => [control.id, control] as const))('%s', (_, control) => {
  test(control.fatal ? 'takes no exemption' : 'takes an exemption', () => {
    const found = run(control, '2027-06-30');
    if (control.fatal) {
      expect(found.tally.exempt).toBe(0);
      expect(found.tally.fail).toBeGreaterThan(0);
      expect(codes(found)).toEqual(['AcceptanceRefused']);
      expect(blocking(found, { failOn: Severity.CRITICAL }).length).toBeGreaterThan(0);
    } else {
      expect(found.tally).toMatchObject({ fail: 0, undecided: 0 });
      expect(found.tally.exempt).toBeGreaterThan(0);
    }
  });

  test('its finding returns at its own severity when the exemption ends', () => {
    const found = run(control, '2026-11-23');
    expect(found.tally.fail).toBeGreaterThan(0);
    expect(found.tally.exempt).toBe(0);
    if (!control.fatal) expect(codes(found)).toContain('AcceptanceEnded');
  });
});
