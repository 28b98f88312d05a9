import type { BreakGlass } from '../audit';
import type { Finding, FrameworkConformance, PostureNote, PostureSummary } from '../posture';
import type { Unlisted } from '../posture/examine';

/** What every format is made from: plain data. */
export interface ReportInput {
  readonly findings: readonly Finding[];
  readonly summary: PostureSummary;
  readonly notes: readonly PostureNote[];
  /** How the run stands to the frameworks that were asked for. */
  readonly frameworks?: readonly FrameworkConformance[];
  /**
   * Findings that are counted and not in `findings`.
   * @default - there is none
   */
  readonly unlisted?: readonly Unlisted[];
  /** From this severity on findings broke the build. */
  readonly failOn: string;
  /** Somebody let this run pass. */
  readonly breakGlass?: BreakGlass;
}
