import type { Environment } from '../engine';
import { registerAddresses } from './addresses';
import { registerFormats } from './formats';
import { registerLists } from './lists';
import { registerMacros } from './macros';
import { registerQuantity } from './quantity';
import { registerRegex } from './regex';
import { registerSemver } from './semver';
import { registerStrings } from './strings';
import { registerUrl } from './url';

/** Everything that a policy may call in Kubernetes 1.37 and that the engine lacks or means differently. */
export function registerLibrary(environment: Environment): void {
  registerRegex(environment);
  registerStrings(environment);
  registerLists(environment);
  registerQuantity(environment);
  registerSemver(environment);
  registerAddresses(environment);
  registerUrl(environment);
  registerFormats(environment);
  registerMacros(environment);
}
