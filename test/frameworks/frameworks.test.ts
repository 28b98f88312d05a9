import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit, type Conformance, conformance } from '../../lib/audit';
import { allControls } from '../../lib/controls/catalogue';
import { CONTROL_IDS } from '../../lib/controls/ids';
import { pod, secured } from '../../lib/controls/pod-examples';
import { allFrameworks, controlIds, type Framework, isAsked, type Requirement } from '../../lib/frameworks';
import { inventoryOf } from '../../lib/inventory';
import type { JsonObject } from '../../lib/inventory/value';
import { catalogue, frameworksOf, scopeOf } from '../../lib/posture/selection';

const RESTRICTED = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
};
const restricted = secured({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }, RESTRICTED);

/** How manifests stand to a framework, judged as the command line does. */
function stand(framework: Framework, manifests: JsonObject[], kubernetes = '1.37'): Conformance {
  const scope = scopeOf(undefined, [framework], catalogue());
  return conformance(audit(inventoryOf({ manifests }), { ...scope, kubernetes, asOf: '2026-11-01' }), framework);
}
const verdicts = ({ requirements }: Conformance) =>
  Object.fromEntries(requirements.map(({ requirement, verdict }) => [requirement.id, verdict]));
const not = (wanted: string, of: Conformance) =>
  of.requirements.filter(({ verdict }) => verdict !== wanted).map(({ requirement, verdict }) => `${requirement.id} ${verdict}`);

/** A framework of one's own, of these requirements. */
const made = (...requirements: [Requirement, ...Requirement[]]): Framework => ({
  id: 'made',
  title: 'Made',
  edition: '1',
  url: 'https://example.com',
  requirements,
});
const byControl: Requirement = { id: 'privileged', title: 'containers are not privileged', controls: ['K-CTR-02'] };

describe('every framework', () => {
  test.each(allFrameworks.map((framework) => [framework.id, framework] as const))(
    '%s asks what can be answered',
    (id, { requirements }) => {
      expect(id).toMatch(/^[a-z0-9][a-z0-9.-]+$/);
      const ids = requirements.map((requirement) => requirement.id);
      expect(ids.filter((one, index) => ids.indexOf(one) !== index)).toEqual([]);
      for (const requirement of requirements) {
        expect(requirement.title).toMatch(/^(?![A-Z][a-z])[^\n]{8,}[^.\n]$/);
        // Ids that are given out; those that this version does not check make it incomplete.
        if ('controls' in requirement) expect(requirement.controls.filter((control) => !(control in CONTROL_IDS))).toEqual([]);
        if ('provider' in requirement) expect(requirement.provider.length).toBeGreaterThan(20);
        if ('shownBy' in requirement) expect(requirement.shownBy.length).toBeGreaterThan(10);
      }
    },
  );

  test('has an id of its own, and one file holds it', () => {
    const ids = allFrameworks.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    const folder = join(__dirname, '../../lib/frameworks');
    const declared = readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/= framework\(\{\s*id: '([^']+)'/g)].map(([, id]) => id));
    expect(declared.sort()).toEqual(ids);
  });
});

describe('the Pod Security Standards', () => {
  const [baseline, restrictedLevel] = frameworksOf(['pss-baseline', 'PSS-Restricted']);

  test('have the checks of their level in every version', () => {
    const asked = ({ requirements }: Framework, kubernetes: string) =>
      requirements
        .filter((one) => isAsked(one, kubernetes))
        .map(({ id }) => id)
        .sort();
    expect([
      asked(baseline, '1.25').length,
      asked(baseline, '1.33').length,
      asked(baseline, '1.34').length,
      asked(baseline, '1.37').length,
    ]).toEqual([11, 11, 12, 12]);
    expect(asked(baseline, '1.34')).toContain('hostProbesAndHostLifecycle');
    expect([asked(restrictedLevel, '1.25').length, asked(restrictedLevel, '1.34').length, asked(restrictedLevel, '1.35').length]).toEqual([
      14, 15, 15,
    ]);
    expect(asked(restrictedLevel, '1.34')).toContain('procMount');
    expect(asked(restrictedLevel, '1.35')).toContain('procMount_restricted');
    expect(asked(restrictedLevel, '1.35')).not.toContain('procMount');
  });

  test('are answered by controls that say so', () => {
    const ids = controlIds([baseline, restrictedLevel]);
    const unsaid = allControls.filter(({ id, references }) => ids.has(id) && references.pss === undefined).map(({ id }) => id);
    expect(unsaid).toEqual([]);
    const unasked = allControls.filter(({ id, references }) => references.pss !== undefined && !ids.has(id)).map(({ id }) => id);
    // A part of a check that another control makes as a whole: the socket is a host path.
    expect(unasked).toEqual(['K-POD-07']);
  });

  test.each(['1.25', '1.30', '1.34', '1.35', '1.37'])('a hardened pod passes both for %s, all of it covered', (kubernetes) => {
    for (const framework of [baseline, restrictedLevel]) {
      const found = stand(framework, [restricted], kubernetes);
      expect([framework.id, found.verdict, found.covered]).toEqual([framework.id, 'pass', found.total]);
    }
  });

  test('a plain pod passes baseline and fails restricted in the five checks that ask for a word', () => {
    expect(stand(baseline, [pod()]).verdict).toBe('pass');
    const found = stand(restrictedLevel, [pod()]);
    expect([found.verdict, not('pass', found)]).toEqual([
      'fail',
      ['allowPrivilegeEscalation fail', 'capabilities_restricted fail', 'runAsNonRoot fail', 'seccompProfile_restricted fail'],
    ]);
  });

  test('an unmasked /proc in a user namespace is let off by baseline from 1.35 on, and by restricted never', () => {
    const unmasked = secured({ procMount: 'Unmasked' }, { hostUsers: false });
    expect(verdicts(stand(baseline, [unmasked], '1.34')).procMount).toBe('fail');
    expect(stand(baseline, [unmasked], '1.35')).toMatchObject({ verdict: 'pass' });
    expect(verdicts(stand(restrictedLevel, [unmasked], '1.34')).procMount).toBe('fail');
    expect(verdicts(stand(restrictedLevel, [unmasked], '1.35')).procMount_restricted).toBe('fail');
    expect(verdicts(stand(baseline, [secured({ procMount: 'Unmasked' }, { hostUsers: true })], '1.35')).procMount).toBe('fail');
  });

  test('a probe of another host fails from 1.34 on', () => {
    const probing = pod({
      containers: [{ name: 'app', image: 'app:1.0.0', livenessProbe: { tcpSocket: { port: 22, host: '10.0.0.1' } } }],
    });
    expect(stand(baseline, [probing], '1.33').verdict).toBe('pass');
    expect(stand(baseline, [probing], '1.34').verdict).toBe('fail');
  });
});

describe('the verdict of a framework', () => {
  test('is incomplete where a requirement has no control, never passed', () => {
    const found = stand(made(byControl, { id: 'other', title: 'something else', uncovered: true }), [pod()]);
    expect([found.verdict, found.covered, found.total]).toEqual(['incomplete', 1, 2]);
    expect(verdicts(found)).toEqual({ privileged: 'pass', other: 'incomplete' });
  });

  test('and where one of its controls is given out but not checked by this version', () => {
    const [reserved] = Object.keys(CONTROL_IDS).filter((id) => !allControls.some((control) => control.id === id));
    const found = stand(made({ ...byControl, controls: ['K-CTR-02', reserved] }), [pod()]);
    expect(found).toMatchObject({ verdict: 'incomplete', covered: 0, total: 1 });
    expect(found.requirements[0].note).toBe(`${reserved} not checked by this version`);
    // A failure says more than a gap, and the gap stays told.
    const failed = stand(made({ ...byControl, controls: ['K-CTR-02', reserved] }), [secured({ privileged: true })]);
    expect(failed).toMatchObject({ verdict: 'fail', covered: 0 });
  });

  test('is undecided where synthesis does not show it, and says what would', () => {
    const found = stand(made(byControl, { id: 'kubelet', title: 'the kubelet asks who calls', shownBy: 'kube-bench on a node' }), [pod()]);
    expect([found.verdict, found.covered]).toEqual(['undecided', 1]);
    expect(found.requirements[1].note).toBe('not visible at synth; shown by kube-bench on a node');
  });

  test('counts what the provider carries as covered', () => {
    const found = stand(made(byControl, { id: 'etcd', title: 'etcd is encrypted', provider: 'the provider runs etcd and encrypts it' }), [
      pod(),
    ]);
    expect([found.verdict, found.covered, found.total]).toEqual(['pass', 2, 2]);
    expect(verdicts(found).etcd).toBe('provider');
  });

  test('is exempt where all that breaks it is accepted', () => {
    const record = { kind: 'exemption', control: 'K-CTR-02', owner: 'node-team', reason: 'a node agent', until: '2027-01-31' };
    const accepted = secured({ privileged: true });
    accepted.metadata = { ...(accepted.metadata as JsonObject), annotations: { 'cdk-bulwark/acceptances': JSON.stringify([record]) } };
    expect(stand(made(byControl), [accepted]).verdict).toBe('exempt');
    expect(stand(made(byControl), [accepted, secured({ privileged: true })]).verdict).toBe('fail');
  });

  test('is undecided where there is nothing to judge', () => {
    expect(stand(made(byControl), []).verdict).toBe('undecided');
  });
});

describe('the scope of a run', () => {
  const [baseline] = frameworksOf(['pss-baseline']);
  const unmasked = secured({ procMount: 'Unmasked' }, { hostUsers: false });
  const failing = (named: string[]) => {
    const all = catalogue();
    const controls = named.length === 0 ? undefined : all.allControls.filter(({ id }) => named.includes(id));
    const { judgements } = audit(inventoryOf({ manifests: [unmasked] }), {
      ...scopeOf(controls, [baseline], all),
      kubernetes: '1.37',
      asOf: '2026-11-01',
    });
    return judgements.map(({ control }) => control.id);
  };

  test('leaves out what the framework lets off, but for a control that was named', () => {
    expect(failing([])).toEqual([]);
    expect(failing(['K-CTR-20'])).toEqual(['K-CTR-20']);
  });

  test('without names it is everything but the sandbox', () => {
    const { controls } = scopeOf(undefined, [], catalogue());
    expect(allControls.filter((control) => !controls.includes(control)).map(({ id, maturity }) => [id, maturity])).toEqual([
      ['K-POD-04', 'sandbox'],
    ]);
  });
});
