import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { InputError } from '../error';

/** What the matchers use of jest's matcher context; the same in jest 29 and 30. */
export interface MatcherContext {
  readonly isNot?: boolean;
  readonly testPath?: string;
  readonly currentTestName?: string;
  readonly snapshotState?: SnapshotState;
  readonly utils: {
    matcherHint(name: string, received?: string, expected?: string, options?: { readonly isNot?: boolean }): string;
    diff(a: unknown, b: unknown): string | null;
    EXPECTED_COLOR(text: string): string;
    RECEIVED_COLOR(text: string): string;
    DIM_COLOR(text: string): string;
  };
}

/** What a matcher answers. */
export interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

interface SnapshotState {
  readonly _updateSnapshot?: string;
  added?: number;
  matched?: number;
  unmatched?: number;
  updated?: number;
}

/** Folder of the committed files, beside the test. */
const FOLDER = '__posture__';

/** File -> what a test of this run has to say about it. */
const claims = new Map<string, { readonly content: string; readonly test: string }>();

/** A committed file that a matcher compares with, and whether this run may write it: as jest decides for snapshots. */
export class CommittedFile {
  /** Path as messages name it. */
  public readonly shown: string;
  private readonly path: string;
  private readonly state: SnapshotState;

  /**
   * Throws `TestPathUnknown` outside of a test, `MatcherNegated` behind `not`, `NameInvalid`, `UpdateInCi` for `-u` in CI, and `PostureFileShared`
   * when two tests of a file claim one name with different content.
   */
  constructor(context: MatcherContext, matcher: string, ending: string, content: string, given?: string, suffix?: string) {
    const name = given ?? [nameOf(context.testPath), ...(suffix?.split(/[^\w-]+/) ?? [])].filter((part) => part !== '').join('.');
    if (context.isNot === true) {
      throw new InputError('MatcherNegated', `${matcher} compares with a committed file and has no opposite; leave out '.not'`);
    }
    if (context.testPath === undefined) {
      throw new InputError('TestPathUnknown', `${matcher} was called outside of a test file; call it in a test that jest runs`);
    }
    if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
      throw new InputError('NameInvalid', `the name '${name}' is no file name; use letters, digits, dots and dashes`);
    }
    this.state = context.snapshotState ?? {};
    this.path = join(dirname(context.testPath), FOLDER, `${name}.${ending}`);
    this.shown = relative(process.cwd(), this.path).replaceAll('\\', '/');
    if (this.isUpdate() && isCi()) {
      throw new InputError(
        'UpdateInCi',
        `${this.shown} is not written in CI, where nobody reviews it; run 'jest -u' locally and commit it`,
      );
    }
    const test = context.currentTestName ?? 'a test';
    const claim = claims.get(this.path);
    if (claim !== undefined && claim.content !== content && claim.test !== test) {
      throw new InputError(
        'PostureFileShared',
        `the tests '${claim.test}' and '${test}' write ${this.shown} with different content; give one a name: ${matcher}({ name: '...' })`,
      );
    }
    claims.set(this.path, { content, test });
  }

  /** True under `-u`. */
  public isUpdate(): boolean {
    return this.state._updateSnapshot === 'all';
  }

  /** True where what is new may be written: not under `--ci`, nor outside of jest. */
  public isWritable(): boolean {
    return this.isUpdate() || this.state._updateSnapshot === 'new';
  }

  /** What is committed; undefined where there is no file yet. */
  public read(): string | undefined {
    return existsSync(this.path) ? readFileSync(this.path, 'utf8') : undefined;
  }

  /** Writes, and lets jest's summary count it like a snapshot. */
  public write(text: string): void {
    const key = existsSync(this.path) ? 'updated' : 'added';
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, text);
    this.state[key] = (this.state[key] ?? 0) + 1;
  }

  /** Counts a match in jest's summary. */
  public matched(): void {
    this.state.matched = (this.state.matched ?? 0) + 1;
  }

  /** Counts a difference there; only then does jest offer `u` while it watches. */
  public unmatched(): void {
    this.state.unmatched = (this.state.unmatched ?? 0) + 1;
  }
}

/** `platform` for `platform.test.ts`. */
function nameOf(testPath: string | undefined): string {
  return basename(testPath ?? '')
    .replace(/\.[cm]?[jt]sx?$/, '')
    .replace(/\.(test|spec)$/, '');
}

/** What jest was told or found, as far as a test can know: workers are not told, so the preset leaves word in the environment. */
function isCi(): boolean {
  const { BULWARK_JEST_CI, CI } = process.env;
  const said = BULWARK_JEST_CI ?? CI;
  return process.argv.includes('--ci') || (said !== undefined && said !== '' && said !== 'false');
}
