import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Scanners that others wrote, where `npm run judges` has built them: the folder of each is its name with a version. */
const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'cdk-bulwark', 'judges');

/** The program of a scanner: what the environment names (`KUBE_LINTER` for kube-linter), else the one in the cache; undefined where there is none. */
export function judge(name: string): string | undefined {
  const named = process.env[name.toUpperCase().replaceAll('-', '_')];
  if (named !== undefined) return existsSync(named) ? named : undefined;
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .filter((folder) => folder.includes(`${name}-`) || folder === name)
    .sort()
    .reverse()
    .flatMap((folder) => [join(cache, folder, name), join(cache, folder, 'bin', name)])
    .find((path) => existsSync(path));
}
