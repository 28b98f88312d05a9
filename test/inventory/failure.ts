import { InputError } from '../../lib/error';

/** The InputError that `run` throws. */
export function failure(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
