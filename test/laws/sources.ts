import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

export const ROOT = join(__dirname, '..', '..');

export interface SourceFile {
  /** Path from the root of the repository, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript source below a folder; declarations and compiled files are left out. */
export function sources(folder: string): SourceFile[] {
  const found: SourceFile[] = [];
  const walk = (path: string): void => {
    for (const name of readdirSync(path).sort()) {
      const inner = join(path, name);
      if (statSync(inner).isDirectory()) walk(inner);
      else if (name.endsWith('.ts') && !name.endsWith('.d.ts'))
        found.push({ path: relative(ROOT, inner).replaceAll('\\', '/'), text: readFileSync(inner, 'utf8') });
    }
  };
  walk(join(ROOT, folder));
  return found;
}

/** The code of a source without its comments, so that a rule about code does not judge prose. */
export function code({ text }: SourceFile): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:])\/\/.*$/gm, '$1');
}
