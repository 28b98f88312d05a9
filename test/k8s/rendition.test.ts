import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import * as k8s from '../../lib/k8s';
import { thrown } from '../aws/scene';

/** One program, for any version. */
function program(kubernetes: string): k8s.App {
  const app = new k8s.App({ kubernetes, outdir: mkdtempSync(join(tmpdir(), 'bulwark-rendition-')) });
  const shop = new k8s.Tenant(app, 'shop', { cpu: Cpu.units(4), memory: Size.gibibytes(8) });
  new k8s.Deployment(shop, 'web', { containers: [{ image: k8s.Image.semver('registry.example.com/web', '1.0.0'), portNumber: 8080 }] });
  const foreign = new Chart(app, 'foreign', { namespace: 'foreign' });
  const spec = { containers: [{ name: 'agent', image: 'registry.example.com/agent:1.0.0' }] };
  new ApiObject(foreign, 'agent', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'agent' }, spec });
  k8s.Hardening.of(foreign, { level: k8s.HardeningLevel.STRICT });
  return app;
}

test('a program is written for another version as if its App had been made for it', () => {
  for (const [own, other] of [
    ['1.34', '1.37'],
    ['1.37', '1.33'],
  ]) {
    expect(program(own).at({ kubernetes: other }).synthYaml()).toBe(program(other).synthYaml());
  }
});

test('the App itself stays what it was, also when a validation refuses the other version', () => {
  const app = program('1.34');
  const before = app.synthYaml();
  app.node.addValidation({ validate: () => (app.kubernetes === '1.37' ? ['not yet'] : []) });
  expect(() => app.at({ kubernetes: '1.37' }).synthYaml()).toThrow(/not yet/);
  expect(app.kubernetes).toBe('1.34');
  expect(app.synthYaml()).toBe(before);
});

test('what differs is told field by field', () => {
  const app = program('1.34');
  expect(app.at({ kubernetes: '1.34' }).differences()).toEqual([]);
  expect(app.at({ kubernetes: '1.37' }).differences()).toEqual(
    ['audit', 'enforce', 'warn'].flatMap((mode) => [
      `- Namespace shop metadata.labels.pod-security.kubernetes.io/${mode}-version: "v1.34"`,
      `+ Namespace shop metadata.labels.pod-security.kubernetes.io/${mode}-version: "v1.37"`,
    ]),
  );
});

test('an unknown version is refused before anything is rendered', () => {
  expect(thrown(() => program('1.34').at({ kubernetes: '1.20' }))).toMatch(/^KubernetesVersionUnknown/);
});
