import { audit, conformance } from '../../lib/audit';
import { allControls } from '../../lib/controls/catalogue';
import { isControlId } from '../../lib/controls/ids';
import { allFrameworks } from '../../lib/frameworks';
import { inventoryOf } from '../../lib/inventory';

const of = (id: string) => allFrameworks.find((framework) => framework.id === id) ?? fail(id);
const fail = (id: string): never => {
  throw new Error(`no framework ${id}`);
};
const [cis, fsbp] = [of('cis-eks-1.8.0'), of('fsbp')];

/** How many requirements each section of the benchmark has. */
const SECTIONS = {
  '2.1': 2,
  '3.1': 4,
  '3.2': 9,
  '4.1': 12,
  '4.2': 5,
  '4.3': 2,
  '4.4': 2,
  '4.5': 2,
  '5.1': 4,
  '5.2': 1,
  '5.3': 1,
  '5.4': 5,
  '5.5': 1,
};

test('the benchmark is whole: every requirement of every section, once', () => {
  const expected = Object.entries(SECTIONS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  );
  expect(cis.requirements.map(({ id }) => id)).toEqual(expected);
  expect(expected).toHaveLength(50);
});

describe.each([cis, fsbp].map((framework) => [framework.id, framework] as const))('%s', (_, framework) => {
  const named = framework.requirements.flatMap((requirement) => ('controls' in requirement ? requirement.controls : []));

  test('names each requirement once and controls that were given out', () => {
    const ids = framework.requirements.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(named.filter((id) => !isControlId(id))).toEqual([]);
  });

  test('says of each requirement what answers it, in lower case', () => {
    for (const requirement of framework.requirements) {
      expect(requirement.title).not.toMatch(/^[A-Z][a-z]|\.$/);
      const answers = ['controls', 'provider', 'shownBy', 'uncovered'].filter((key) => key in requirement);
      expect([requirement.id, answers.length]).toEqual([requirement.id, 1]);
    }
  });
});

test('what a control refers to is a requirement, and one that a control of its own answers', () => {
  const ids = new Set(cis.requirements.map(({ id }) => id));
  const foreign = allControls.flatMap(({ id, references }) =>
    (references.cisEks ?? []).filter((one) => !ids.has(one)).map((one) => `${id} ${one}`),
  );
  expect(foreign).toEqual([]);
  const parts = /^(EKS|ECR|KMS|IAM)\./;
  const answered = new Set(fsbp.requirements.filter((one) => 'controls' in one).map(({ id }) => id));
  const gaps = allControls.flatMap(({ id, references }) =>
    (references.fsbp ?? []).filter((one) => parts.test(one) && !answered.has(one)).map((one) => `${id} ${one}`),
  );
  // Encryption of images is in the catalogue of Security Hub and not in this standard.
  expect(gaps).toEqual(['A-ECR-03 ECR.5']);
});

test('an open cluster fails the requirements of its faults, and what synth cannot show stays undecided', () => {
  const template = { Resources: { Cluster: { Type: 'AWS::EKS::Cluster', Properties: { Name: 'shop', Version: '1.35' } } } };
  const judged = audit(inventoryOf({ template }), { controls: allControls, asOf: '2026-11-01' });
  const verdicts = (framework: typeof cis) =>
    Object.fromEntries(conformance(judged, framework).requirements.map(({ requirement, verdict }) => [requirement.id, verdict]));
  expect(verdicts(cis)).toMatchObject({
    '2.1.1': 'fail',
    '3.1.1': 'provider',
    '4.1.1': 'fail',
    '5.3.1': 'fail',
    '5.4.2': 'fail',
    '5.4.5': 'incomplete',
  });
  expect(verdicts(fsbp)).toMatchObject({
    'EKS.1': 'fail',
    'EKS.3': 'fail',
    'EC2.7': 'undecided',
    'EC2.10': 'incomplete',
    'EC2.24': 'provider',
    'IAM.7': 'undecided',
  });
  expect(conformance(judged, fsbp).verdict).toBe('fail');
});
