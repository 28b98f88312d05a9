import type { MatchBlueprintOptions } from './matchers/blueprint';
import type { HoldOptions, NoFindingsOptions } from './matchers/findings';
import type { KeepIdentityOptions } from './matchers/identity';
import type { MatchPostureOptions } from './matchers/posture';

export { Posture, type PostureApps, PostureResource } from './posture';
export type { HoldOptions, KeepIdentityOptions, MatchBlueprintOptions, MatchPostureOptions, NoFindingsOptions };

/** The matchers that the preset adds to `expect`. */
export interface BulwarkMatchers<R> {
  /** No finding of these controls fails or is undecided, and no requirement of these frameworks stands open. Takes a posture, or one App. */
  toHold(ids: string | readonly string[], options?: HoldOptions): R;
  /** No finding at all, or at or above a severity, fails or is undecided. Takes a posture, or one App. */
  toHaveNoFindings(options?: NoFindingsOptions): R;
  /** What the platform permits is what the committed posture file says. Takes a posture, or one App. */
  toMatchPosture(options?: MatchPostureOptions): R;
  /** A resource is what the committed blueprint says. Takes `posture.resource(...)`. */
  toMatchBlueprint(options?: MatchBlueprintOptions): R;
  /** No name that was committed has gone. Takes a posture, or one App. */
  toKeepIdentity(options?: KeepIdentityOptions): R;
  /**
   * Every workload of the one name reaches every one of the other, on all of these ports; with `not`, none reaches any on any of them, and nothing about
   * that is undecided. Takes a posture, or one App.
   */
  toReach(from: string, to: string, ports?: string): R;
}

// Both ways to get the types of jest: `import { expect } from '@jest/globals'`, and the globals of @types/jest.
declare module 'expect' {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends BulwarkMatchers<R> {}
}
declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: merged with the interface of @types/jest only under the very same parameters.
    interface Matchers<R, T = {}> extends BulwarkMatchers<R> {}
  }
}
