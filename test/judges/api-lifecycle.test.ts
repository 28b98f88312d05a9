import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lifecycleOf, lifecycles } from '../../lib/controls/api/lifecycle';

/** Folder of the Go module k8s.io/api, in which every type says when it ends. */
const MODULE = process.env.API_MODULE;
const judge = MODULE === undefined ? test.skip : test;

const NEWEST = 37;
/** Go packages whose API group has another name. */
const BARE = ['apps', 'autoscaling', 'batch', 'extensions', 'policy'];
const GROUPS: { readonly [folder: string]: string } = {
  flowcontrol: 'flowcontrol.apiserver.k8s.io',
  rbac: 'rbac.authorization.k8s.io',
  apiserverinternal: 'internal.apiserver.k8s.io',
};
/** Asked of the API server and never stored in it. */
const ASKED = /Review$|^Scale$|^Eviction$|^DeploymentRollback$|^APIGroupDiscovery$|List$|Options$/;

interface Ending {
  readonly apiVersion: string;
  readonly kind: string;
  readonly deprecated: number;
  readonly removed: number;
}

/** What the sources of Kubernetes say. */
function endings(folder: string): Ending[] {
  const found: Ending[] = [];
  for (const group of listed(folder)) {
    for (const version of listed(join(folder, group))) {
      const file = join(folder, group, version, 'zz_generated.prerelease-lifecycle.go');
      if (!existsSync(file)) continue;
      const text = readFileSync(file, 'utf8');
      const minorOf = (kind: string, what: string): number | undefined => {
        const match = new RegExp(`\\*${kind}\\) APILifecycle${what}\\(\\)[^{]*\\{\\s*return 1, (\\d+)`).exec(text);
        return match === null ? undefined : Number(match[1]);
      };
      for (const [, kind] of text.matchAll(/\*(\w+)\) APILifecycleIntroduced\(/g)) {
        const [deprecated, removed] = [minorOf(kind, 'Deprecated'), minorOf(kind, 'Removed')];
        if (deprecated === undefined || removed === undefined || deprecated > NEWEST || ASKED.test(kind)) continue;
        const name = BARE.includes(group) ? group : (GROUPS[group] ?? `${group}.k8s.io`);
        found.push({ apiVersion: `${name}/${version}`, kind, deprecated, removed });
      }
    }
  }
  return found;
}

function listed(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

judge('the table of API versions says what the sources of Kubernetes say', () => {
  const theirs = endings(MODULE as string);
  expect(theirs.length).toBeGreaterThan(60);
  const ours = theirs.map(({ apiVersion, kind }) => {
    const found = lifecycleOf(apiVersion, kind);
    return { apiVersion, kind, deprecated: found?.deprecated, removed: found?.removed };
  });
  expect(ours).toEqual(theirs);
  // What the sources have forgotten since, and a group that has no generated dates.
  const known = new Set(theirs.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const others = [...lifecycles()].filter(({ apiVersion, kind }) => !known.has(`${apiVersion} ${kind}`));
  expect(others.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).sort()).toEqual([
    'apiextensions.k8s.io/v1beta1 CustomResourceDefinition',
    'apiregistration.k8s.io/v1beta1 APIService',
    'autoscaling/v2beta1 HorizontalPodAutoscaler',
    'autoscaling/v2beta2 HorizontalPodAutoscaler',
    'batch/v2alpha1 CronJob',
    'extensions/v1beta1 PodSecurityPolicy',
    'policy/v1beta1 PodSecurityPolicy',
    'rbac.authorization.k8s.io/v1alpha1 ClusterRole',
    'rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding',
    'rbac.authorization.k8s.io/v1alpha1 Role',
    'rbac.authorization.k8s.io/v1alpha1 RoleBinding',
    'scheduling.k8s.io/v1alpha1 PriorityClass',
    'v1 Endpoints',
  ]);
  process.stdout.write(`api versions: ${theirs.length} endings of k8s.io/api v0.37.2 agree\n`);
});
