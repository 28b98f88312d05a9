import type { Audit } from '../audit';
import { allControls } from '../controls/catalogue';
import type { AnyControl } from '../controls/control';
import { inventoryOf, pathSteps, podTemplateOf, type Resource } from '../inventory';

/** Where a path stands: in a pod template, wherever that stands itself, or in a resource of one type. */
type Place = string;

let places: Map<AnyControl, Set<Place>> | undefined;

/**
 * The properties of a resource on which controls hold, as `place -> ids`. Which property a control looks at is told by its own failing examples: their
 * verdicts name it.
 */
export function promised({ inventory, judgements, perControl }: Audit, resource: Resource): ReadonlyMap<Place, readonly string[]> {
  const open = new Set(judgements.filter((judgement) => judgement.resource === resource).map(({ control }) => control));
  const found = new Map<Place, string[]>();
  for (const [control, looked] of everyPlace()) {
    // A control that did not run promises nothing.
    if (!perControl.has(control) || open.has(control) || ![...looked].some((place) => place.startsWith(kindOf(resource)))) continue;
    if (![...control.subjects.select(inventory)].some((subject) => subject.resource === resource)) continue;
    for (const place of looked) found.set(place, [...(found.get(place) ?? []), control.id].sort());
  }
  return found;
}

/** The place of a path in a resource. Items of a list share one, and so do the containers of a pod. */
export function placeOf(resource: Resource, steps: readonly (string | number)[]): Place {
  const pod = podSteps(resource);
  const inPod = pod.length > 0 && pod.every((step, index) => steps[index] === step);
  const rest = (inPod ? steps.slice(pod.length) : steps).map((step) => (typeof step === 'number' ? '*' : step));
  if (inPod && rest[0] === 'initContainers') rest[0] = 'containers';
  return `${inPod ? 'pod' : kindOf(resource)} ${JSON.stringify(rest)}`;
}

function kindOf(resource: Resource): string {
  if (resource.tree === 'cloudformation') return resource.type;
  return podSteps(resource).length > 0 ? 'pod' : resource.kind;
}

function podSteps(resource: Resource): readonly (string | number)[] {
  const template = resource.tree === 'kubernetes' ? podTemplateOf(resource) : undefined;
  return template === undefined ? [] : pathSteps(template.specPath);
}

function everyPlace(): Map<AnyControl, Set<Place>> {
  places ??= new Map(allControls.map((control) => [control, placesOf(control)]));
  return places;
}

function placesOf(control: AnyControl): Set<Place> {
  const found = new Set<Place>();
  for (const example of [...control.examples.breaks, ...(control.examples.undecided ?? [])]) {
    const inventory = inventoryOf(example);
    for (const { value, resource } of control.subjects.select(inventory)) {
      const said = control.judge(value, { inventory, kubernetes: '1.35' }, resource);
      if (said.verdict !== 'pass' && said.at !== undefined) found.add(placeOf(resource, pathSteps(said.at)));
    }
  }
  return found;
}
