import type { AnyControl } from '../controls/control';
import type { Severity } from '../controls/severity';
import { InputError } from '../error';
import type { CdkApp, ChartsApp } from '../posture/apps';

/** What to guard, and what breaks a synthesis. */
export interface GuardProps {
  /**
   * The App of aws-cdk-lib.
   * @default - only the Kubernetes tree is guarded
   */
  readonly cdk?: CdkApp;
  /**
   * The App of cdk8s, `k8s.App` or any other.
   * @default - only the CloudFormation tree is guarded
   */
  readonly cdk8s?: ChartsApp;
  /**
   * Failures of this severity and above break the synthesis.
   * @default - medium
   */
  readonly failOn?: Severity;
  /**
   * Undecided findings count like failures. Those of critical controls always do.
   * @default false
   */
  readonly failOnUndecided?: boolean;
  /**
   * Controls to run; tests of this library narrow them.
   * @default - the whole catalogue but the sandbox
   * @internal
   */
  readonly controls?: readonly AnyControl[];
  /**
   * Kubernetes version, as in `1.35`.
   * @default - that of the `k8s.App`, else of the clusters where they agree, else the oldest version in standard support
   */
  readonly kubernetes?: string;
  /**
   * Day on which exemptions and decisions are judged, YYYY-MM-DD.
   * @default - `BULWARK_AS_OF` where set, else today in UTC
   */
  readonly asOf?: string;
  /**
   * Where the report on the Kubernetes tree goes; CDK prints its own.
   * @default - standard error
   */
  readonly report?: (text: string) => void;
}

const guarded = new WeakSet<object>();

/**
 * Audits what the Apps synthesize, each time they do: the CloudFormation tree as a validation plugin of CDK, the Kubernetes tree as a validation of cdk8s.
 * Findings at or above the threshold break the synthesis, each with its construct path. With both Apps, findings about how the two trees fit
 * together are reported by whichever synth runs last. `BULWARK_BREAK_GLASS=OWNER:REASON` in the environment passes once.
 *
 * Throws `NothingToGuard`, `GuardedTwice`, `NotACdkApp`, `NotACdk8sApp`, `CdkTooOld` or `KubernetesVersionUnknown`.
 */
export function guard(props: GuardProps): void {
  const { cdk, cdk8s, controls, failOn, failOnUndecided, asOf } = props;
  if (cdk === undefined && cdk8s === undefined)
    throw new InputError('NothingToGuard', "neither 'cdk' nor 'cdk8s' was given; pass the Apps that are synthesized");
  for (const app of [cdk, cdk8s]) {
    if (app === undefined) continue;
    if (guarded.has(app)) throw new InputError('GuardedTwice', 'the App is guarded already; call guard once, with both Apps');
  }
  const { Session } = require('./session') as typeof import('./session');
  const { kubernetesOf } = require('../posture/examine') as typeof import('../posture/examine');
  const version = (): string | undefined => {
    const said = props.kubernetes ?? (cdk8s as { kubernetes?: unknown } | undefined)?.kubernetes;
    return typeof said === 'string' ? kubernetesOf(said) : undefined;
  };
  // A version that nobody knows is refused here, where it was given.
  version();
  const session = new Session({
    trees: [...(cdk === undefined ? [] : (['cloudformation'] as const)), ...(cdk8s === undefined ? [] : (['kubernetes'] as const))],
    controls,
    failOn,
    failOnUndecided,
    asOf,
    // Asked each time: an App may be rendered for another version.
    get kubernetes() {
      return version();
    },
  });
  // Each host is loaded only with its App: neither needs the other's library installed.
  if (cdk !== undefined) (require('./cdk') as typeof import('./cdk')).guardCdk(cdk, session);
  if (cdk8s !== undefined) {
    const report = props.report ?? ((text: string): void => void process.stderr.write(text));
    (require('./cdk8s') as typeof import('./cdk8s')).guardCharts(cdk8s, session, report);
  }
  for (const app of [cdk, cdk8s]) if (app !== undefined) guarded.add(app);
}
