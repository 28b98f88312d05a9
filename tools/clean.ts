import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Removes what an earlier compilation left in `lib/`, so that no orphan of a renamed source is tested or packed. */
function clean(folder: string): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) clean(path);
    else if (/\.(js|d\.ts|js\.map|d\.ts\.map)$/.test(name)) rmSync(path);
  }
}
clean(join(__dirname, '..', 'lib'));
