import { Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { Exemption } from '../../lib/controls/acceptance';
import type { JsonObject } from '../../lib/inventory/value';
import * as k8s from '../../lib/k8s';

export const image = k8s.Image.semver('registry.example.com/api', '2.0.1');
export const containers = [{ image, portNumber: 8443 }];

export function app(props: Partial<k8s.AppProps> = {}): k8s.App {
  return new k8s.App({ kubernetes: '1.35', outdir: Testing.app().outdir, ...props });
}

export function tenant(scope: k8s.App, id = 'payments', props: Partial<k8s.TenantProps> = {}): k8s.Tenant {
  return new k8s.Tenant(scope, id, { cpu: Cpu.units(20), memory: Size.gibibytes(64), ...props });
}

export function exemption(): Exemption {
  const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  return new Exemption({ owner: 'platform-team', reason: 'node agent reads logs', until });
}

/** Everything an App writes, by `Kind/name`, names of other namespaces included once more as `namespace/Kind/name`. */
export function objects(of: k8s.App): { [key: string]: JsonObject } {
  const found: { [key: string]: JsonObject } = {};
  for (const { json } of of._rendered()) {
    const metadata = json.metadata as { name: string; namespace?: string };
    found[`${json.kind}/${metadata.name}`] = json;
    found[`${metadata.namespace}/${json.kind}/${metadata.name}`] = json;
  }
  return found;
}

// biome-ignore lint/suspicious/noExplicitAny: assertions reach deep into plain JSON.
export type Loose = any;

/** The pod spec of a rendered workload. */
export function podSpec(object: JsonObject): Loose {
  const spec = object.spec as Loose;
  return object.kind === 'Pod' ? spec : (spec.jobTemplate?.spec ?? spec).template.spec;
}
