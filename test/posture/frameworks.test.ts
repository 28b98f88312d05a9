import { dump } from 'js-yaml';
import { deployment, secured } from '../../lib/controls/pod-examples';
import { ConformanceVerdict, Posture } from '../../lib/posture';

const held = dump(
  deployment(
    secured(
      { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      { securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } },
    ),
  ),
);
const asOf = '2026-11-01';

test('a posture says how it stands to the frameworks that were asked for, and runs their controls only', () => {
  const { frameworks, summary } = Posture.of({
    manifests: [held],
    frameworks: ['pss-restricted', 'pss-baseline'],
    asOf,
    kubernetes: '1.37',
  });
  expect(frameworks.map(({ id, verdict, covered, total }) => [id, verdict, covered === total])).toEqual([
    ['pss-restricted', ConformanceVerdict.PASS, true],
    ['pss-baseline', ConformanceVerdict.PASS, true],
  ]);
  expect(frameworks[0].requirements).toContainEqual({
    id: 'hostNamespaces',
    title: 'pods share no namespace of the node',
    verdict: ConformanceVerdict.PASS,
    controls: ['K-POD-01', 'K-POD-02', 'K-POD-03'],
    judged: 3,
    findings: 0,
  });
  expect(summary.controls).toBe(21);
});

test('of everything, where none is asked for', () => {
  const { frameworks, summary } = Posture.of({ manifests: [held], asOf });
  expect(frameworks).toEqual([]);
  expect(summary.controls).toBeGreaterThan(60);
});

test('an unknown framework is one clear error', () => {
  expect(() => Posture.of({ manifests: [held], frameworks: ['pss-baselin'] })).toThrow(
    "there is no framework 'pss-baselin'; choose pss-baseline (UnknownFramework)",
  );
});
