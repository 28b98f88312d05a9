import { InputError } from '../../error';
import { PostureResource } from '../posture';
import { CommittedFile, type MatcherContext, type MatcherResult } from '../snapshot';
import { kindOf } from './received';

/** How to compare with a blueprint file. */
export interface MatchBlueprintOptions {
  /**
   * Name of the file, without its ending.
   * @default - that of the test file and of the resource
   */
  readonly name?: string;
}

/**
 * A resource is what `__posture__/NAME.blueprint` says. The first run writes the file, `jest -u` writes it anew, `--ci` never writes. Throws
 * `NotAResource` for anything but `posture.resource(...)`.
 */
export function toMatchBlueprint(this: MatcherContext, received: unknown, options: MatchBlueprintOptions = {}): MatcherResult {
  if (!PostureResource.isPostureResource(received)) {
    throw new InputError('NotAResource', `toMatchBlueprint was given ${kindOf(received)}; pass posture.resource('Platform/Cluster')`);
  }
  const block = `${received.toString()}\n`;
  const file = new CommittedFile(this, 'toMatchBlueprint', 'blueprint', block, options.name, received.name);
  const committed = file.read()?.replaceAll('\r\n', '\n');
  if (committed === block) {
    file.matched();
    return { pass: true, message: () => '' };
  }
  if (file.isUpdate() || (committed === undefined && file.isWritable())) {
    file.write(block);
    return { pass: true, message: () => '' };
  }
  file.unmatched();
  const hint = this.utils.matcherHint('toMatchBlueprint', 'resource', '');
  const line = received._posture._sourceLine(received._resource);
  const place = `${file.shown}${line === undefined ? '' : `\n${received.name} at ${line}`}`;
  return {
    pass: false,
    message: () =>
      committed === undefined
        ? `${hint}\n\n${place}\n\nthere is no such file, and --ci writes none; run jest locally and commit it`
        : `${hint}\n\n${place}\n\n${this.utils.diff(committed, block) ?? ''}\n\nRun 'jest -u' to record this.`,
  };
}
