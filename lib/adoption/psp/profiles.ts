import type { Json } from '../../inventory';
import { fillPod, text } from './cel';
import { type Check, effective, every, list } from './outcome';

/** What a policy calls a profile, as the fields of today call it; `undefined` for a name that means nothing. */
function profiles(allowed: readonly string[]): { readonly types: string[]; readonly files: string[] } {
  const types = allowed.flatMap((name) =>
    /^(runtime|docker)\/default$/.test(name) ? ['RuntimeDefault'] : name === 'unconfined' ? ['Unconfined'] : [],
  );
  return {
    types: [...new Set(types)],
    files: allowed.filter((name) => name.startsWith('localhost/')).map((name) => name.slice('localhost/'.length)),
  };
}

/** Asks for one of the profiles. */
export function profileCheck(field: string, allowed: readonly string[], unset: boolean): Check {
  const { types, files } = profiles(allowed);
  const local = files.includes('*')
    ? 'p.type == "Localhost"'
    : `(p.type == "Localhost" && p.?localhostProfile.orValue("") in ${list(files)})`;
  const condition = `[${effective(field)}].all(o, o.hasValue() ? [o.value()].all(p, p.type in ${list(types)} || ${local}) : ${unset})`;
  return { expression: every(condition), message: `${field} must be one of ${allowed.join(', ')}` };
}

/** Sets the profile. */
export function profileFill(field: string, name: Json | undefined): string[] {
  if (typeof name !== 'string') return [];
  const { types, files } = profiles([name]);
  if (types.length > 0) return [fillPod(['securityContext', field], `{"type": ${text(types[0])}}`)];
  return files.length > 0 ? [fillPod(['securityContext', field], `{"type": "Localhost", "localhostProfile": ${text(files[0])}}`)] : [];
}
