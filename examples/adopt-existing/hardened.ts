import { k8s } from 'cdk-bulwark';
import type { App } from 'cdk8s';
import { build as before } from './before';

/** Step two: the same program with one line more. Nothing of it changes; what it left out is filled in when it renders. */
export function build(level: k8s.HardeningLevel, outdir?: string, extension?: string): App {
  const { app, chart } = before(outdir, extension);
  k8s.Hardening.of(chart, { level, kubernetes: '1.35' });
  return app;
}
