import { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Risk } from '../controls/control';
import type { HardenContext } from '../controls/harden';
import { InputError } from '../error';
import { isJsonObject, type Json, type JsonObject } from '../inventory/value';
import { withAcceptances } from './acceptances';
import { knownVersion, versionOf } from './kubernetes-version';
import { sorted } from './sorted';
import { hardened } from './workload/hardening';

/** How much hardening may change of pods that run already. */
export enum HardeningLevel {
  /** What no program notices but by a restart: seccomp, no privilege escalation, no service links, requests. */
  SAFE = 'safe',
  /**
   * Everything that our own workloads have: also a user that is not root, a read-only root file system, no capabilities, no token, limits. Programs that
   * count on any of these break, so it is tried before it is rolled out.
   */
  STRICT = 'strict',
}

/** How a scope is hardened. */
export interface HardeningOptions {
  /**
   * How much may change.
   * @default HardeningLevel.SAFE
   */
  readonly level?: HardeningLevel;
  /**
   * Kubernetes version the objects are for, as in `1.35`: fields that it does not know are left out.
   * @default - that of the nearest `k8s.App`, else the oldest version in standard support
   */
  readonly kubernetes?: string;
}

const RISKS: { readonly [level in HardeningLevel]: readonly Risk[] } = {
  [HardeningLevel.SAFE]: ['none', 'restart'],
  [HardeningLevel.STRICT]: ['none', 'restart', 'mayBreak'],
};
// Symbols of the registry, because two copies of this package must agree.
const HARDENING = Symbol.for('cdk-bulwark.k8s.hardening');
const HOOKED = Symbol.for('cdk-bulwark.k8s.hardeningHook');

/**
 * Hardens what is not made of our workloads: every object at or below a scope that holds pods, whether it stands there already or comes later, of any
 * cdk8s-plus, `ApiObject`, `Include` or `Helm`. What somebody wrote stays as it is, weaker or not, and is a finding of the audit; what is missing is filled in.
 * Exemptions on constructs are written into the objects, so that `bulwark check` sees them.
 *
 *     Hardening.of(app);                                            // safe for what runs already
 *     Hardening.of(newChart, { level: HardeningLevel.STRICT });     // the nearest scope counts
 */
export class Hardening {
  /** Hardens a scope. Throws `KubernetesVersionUnknown`, or `HardenedTwice` for a scope that is hardened already. */
  public static of(scope: IConstruct, options: HardeningOptions = {}): Hardening {
    const marked = scope as unknown as Record<symbol, Hardening | undefined>;
    if (marked[HARDENING] !== undefined) {
      throw new InputError('HardenedTwice', 'the scope is hardened already; say the level once, or harden a scope below', {
        path: scope.node.path,
      });
    }
    const hardening = new Hardening(options);
    Object.defineProperty(scope, HARDENING, { value: hardening });
    hook(scope);
    return hardening;
  }

  /** How much may change. */
  public readonly level: HardeningLevel;
  private readonly kubernetes?: string;

  private constructor(options: HardeningOptions) {
    this.level = options.level ?? HardeningLevel.SAFE;
    this.kubernetes = options.kubernetes === undefined ? undefined : knownVersion(options.kubernetes);
  }

  /** The object as it is written. @internal */
  public _harden(apiObject: ApiObject, object: JsonObject): JsonObject {
    const context = {
      kubernetes: this.kubernetes ?? versionOf(apiObject),
      risks: RISKS[this.level],
      generated: isGenerated(apiObject),
    };
    const safe = hardenedList(object, context) ?? hardened(object, context);
    const before = safe.metadata as JsonObject & { annotations?: { [key: string]: string } };
    const metadata = withAcceptances(before, apiObject);
    if (safe === object && metadata === before) return object;
    const { apiVersion, kind, metadata: _, ...rest } = safe;
    return { apiVersion, kind, metadata: sorted(metadata), ...(sorted(rest) as JsonObject) };
  }
}

/** A List that a file or a chart brought along stays one object: its items are hardened. Undefined for everything else. */
function hardenedList(object: JsonObject, context: HardenContext): JsonObject | undefined {
  if (object.kind !== 'List' || !Array.isArray(object.items)) return undefined;
  const items = object.items.map((item) => (isJsonObject(item) ? hardened(item, context) : item));
  return items.some((item, index) => item !== (object.items as Json[])[index]) ? { ...object, items } : object;
}

/** A class of some cdk8s-plus made it, which also writes defaults nobody asked for. */
function isGenerated(apiObject: ApiObject): boolean {
  const owner = apiObject.node.scope as (IConstruct & { readonly apiObject?: unknown }) | undefined;
  return owner !== undefined && !Chart.isChart(owner) && owner.apiObject === apiObject;
}

function nearest(construct: IConstruct): Hardening | undefined {
  for (let at: IConstruct | undefined = construct; at !== undefined; at = at.node.scope) {
    const found = (at as unknown as Record<symbol, Hardening | undefined>)[HARDENING];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The object that renders: what its classes do on the way, each calling the one above, are steps of one rendering. */
let rendering: ApiObject | undefined;

/**
 * Objects render themselves, in every output mode and in tests alike, and scopes are not told of what is added below them: the method they share is the one place
 * that all of them pass. Generated classes keep only the fields and forms they know of what the method above them gives, so the last class to speak is the one that
 * is hooked; the chart that every new object asks for tells of classes to come. Objects outside of hardened scopes are not touched.
 */
function hook(scope: IConstruct): void {
  if (!Object.hasOwn(Chart, HOOKED)) {
    const { of } = Chart;
    Chart.of = (construct: IConstruct): Chart => {
      // By its class: an object that is still being made does not say yet what it is.
      if (Object.prototype.isPrototypeOf.call(ApiObject.prototype, construct)) hookClass(construct as ApiObject);
      return of.call(Chart, construct);
    };
    Object.defineProperty(Chart, HOOKED, { value: true });
  }
  for (const construct of scope.node.findAll()) if (ApiObject.isApiObject(construct)) hookClass(construct);
}

/** Lets the class that renders an object harden what it rendered. */
function hookClass(apiObject: ApiObject): void {
  let prototype = Object.getPrototypeOf(apiObject) as ApiObject;
  while (!Object.hasOwn(prototype, 'toJson')) prototype = Object.getPrototypeOf(prototype) as ApiObject;
  if (Object.hasOwn(prototype, HOOKED)) return;
  const render = prototype.toJson;
  prototype.toJson = function (this: ApiObject): JsonObject {
    if (rendering === this) return render.call(this) as JsonObject;
    const outer = rendering;
    rendering = this;
    let object: JsonObject;
    try {
      object = render.call(this) as JsonObject;
    } finally {
      rendering = outer;
    }
    const hardening = nearest(this);
    return hardening === undefined ? object : hardening._harden(this, object);
  };
  Object.defineProperty(prototype, HOOKED, { value: true });
}
