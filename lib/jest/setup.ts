import type { MatcherContext, MatcherResult } from './snapshot';

/**
 * Adds the matchers to jest's `expect` and switches aws-cdk-lib's own validation of templates off, which costs seconds a process and is the work of
 * `cdk synth`. `CDK_VALIDATION=true` in the environment keeps it.
 */
process.env.CDK_VALIDATION ??= 'false';

type Matcher = (this: MatcherContext, received: unknown, ...expected: never[]) => MatcherResult;
/** Not the global, which is missing where `injectGlobals` is off. */
const { expect } = require('@jest/globals') as { expect: { extend(matchers: { [name: string]: Matcher }): void } };

const NAMES = ['toHold', 'toHaveNoFindings', 'toMatchPosture', 'toMatchBlueprint', 'toKeepIdentity', 'toReach'] as const;

expect.extend(
  Object.fromEntries(
    NAMES.map((name) => [
      name,
      function (this: MatcherContext, received: unknown, ...expected: never[]): MatcherResult {
        // Loaded by the first call: test files that use no matcher do not pay for the engine.
        const { matchers } = require('./matchers') as typeof import('./matchers');
        return (matchers[name] as Matcher).call(this, received, ...expected);
      },
    ]),
  ),
);
