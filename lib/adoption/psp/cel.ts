/** A CEL literal of a text. */
export function text(value: string): string {
  return JSON.stringify(value);
}

const patch = (path: string, value: string): string => `JSONPatch{op: "add", path: ${path}, value: ${value}}`;
const missing = (holder: string, steps: readonly string[]): string =>
  steps.map((_, index) => `!has(${[holder, ...steps.slice(0, index + 1)].join('.')})`).join(' || ');

/** CEL of JSON patches that set a field of the pod where it is missing, and the objects on the way to it. */
export function fillPod(steps: readonly string[], value: string, unless = 'true'): string {
  const patches = steps.map((_, index) => {
    const whole = index === steps.length - 1;
    const path = text(`/spec/${steps.slice(0, index + 1).join('/')}`);
    const when = `(${missing('object.spec', steps.slice(0, index + 1))})${unless === 'true' ? '' : ` && (${unless})`}`;
    return `(${when} ? [${patch(path, whole ? value : '{}')}] : [])`;
  });
  return patches.join(' + ');
}

/** The same for every container and init container. */
export function fillContainers(steps: readonly string[], value: string): string {
  const patches = (group: string): string =>
    steps
      .map((_, index) => {
        const whole = index === steps.length - 1;
        const path = `"/spec/${group}/" + string(i) + ${text(`/${steps.slice(0, index + 1).join('/')}`)}`;
        return `object.spec.${group}.transformList(i, c, ${missing('c', steps.slice(0, index + 1))}, ${patch(path, whole ? value : '{}')})`;
      })
      .join(' + ');
  return `${patches('containers')} + (has(object.spec.initContainers) ? ${patches('initContainers')} : [])`;
}
