import { type Cni, Network } from '../analysis';
import { InputError } from '../error';
import type { Inventory } from '../inventory';
import type { Source } from '../inventory/model';
import type { Texts } from './texts';

/** Who may reach whom in an inventory. What is wrong with a policy is thrown with the line it stands in. */
export function networkOf(inventory: Inventory, texts: Texts, cni?: Cni): Network {
  try {
    return new Network(inventory, cni);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { file, path, within, document } = error.place as Source;
    throw new InputError(error.code, error.detail, {
      file,
      path,
      line: within === undefined ? undefined : texts.lineAt({ file, document }, within),
    });
  }
}
