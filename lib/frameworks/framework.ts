import type { NonEmpty, Resource } from '../controls/control';

/** What a framework asks for, and how that is answered here. */
export type Requirement = RequirementName & (ByControls | ByProvider | BeyondSynth | Uncovered);

interface RequirementName {
  /** As the framework writes it: `5.2.6`, `hostNamespaces`. */
  readonly id: string;
  /** What it asks for, in our words, lower case: `containers are not privileged`. */
  readonly title: string;
  /** Minor Kubernetes versions it is asked in: `from` is the first, `before` the first in which it is not asked any more. */
  readonly kubernetes?: { readonly from?: number; readonly before?: number };
}

/** All findings of these controls count against it. */
interface ByControls {
  /** Ids of the catalogue; one that this version does not check leaves the requirement uncovered. */
  readonly controls: NonEmpty<string>;
  /** What the framework lets off although a control, which is stricter, does not. */
  readonly except?: Lenience;
}

/** Resources on which findings do not count against a requirement. */
export interface Lenience {
  /** Which, for readers. */
  readonly what: string;
  covers(resource: Resource, kubernetes: string): boolean;
}

/** The provider carries it: the reason, with where that is promised. */
interface ByProvider {
  readonly provider: string;
}

/** Nothing that is synthesized shows it: what would. Counts as undecided. */
interface BeyondSynth {
  readonly shownBy: string;
}

/** Nobody has mapped it yet, which leaves the framework incomplete. */
interface Uncovered {
  readonly uncovered: true;
}

/** One edition of a benchmark, standard or guidance. */
export interface Framework {
  /** How the command line and tests call it, lower case: `pss-restricted`. */
  readonly id: string;
  readonly title: string;
  /** Its publisher's version or date, or what it moves with. */
  readonly edition: string;
  readonly url: string;
  readonly requirements: NonEmpty<Requirement>;
}

/** Declares a framework; the identity function that gives the literal its type. */
export function framework(definition: Framework): Framework {
  return definition;
}

/** True when the requirement is asked of clusters of this version. */
export function isAsked({ kubernetes: range }: Requirement, kubernetes: string): boolean {
  const version = Number(kubernetes.split('.')[1]);
  return version >= (range?.from ?? 0) && version < (range?.before ?? Number.POSITIVE_INFINITY);
}

/** Ids of all controls that a framework names, whatever the version. */
export function controlIds(frameworks: readonly Framework[]): Set<string> {
  const ids = new Set<string>();
  for (const { requirements } of frameworks)
    for (const requirement of requirements) if ('controls' in requirement) for (const id of requirement.controls) ids.add(id);
  return ids;
}

/** True when what a control says of a resource counts for a requirement. */
export function counts(requirement: Requirement, control: string, resource: Resource | undefined, kubernetes: string): boolean {
  if (!('controls' in requirement) || !requirement.controls.includes(control) || !isAsked(requirement, kubernetes)) return false;
  return resource === undefined || requirement.except?.covers(resource, kubernetes) !== true;
}
