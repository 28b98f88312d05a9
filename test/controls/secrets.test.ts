import { everyControl, verdicts } from './judged';

const about = everyControl.filter(({ id }) => ['K-SEC-02', 'K-SEC-03', 'K-SEC-04'].includes(id));

/** Every text in an example that is a value and no name. */
function valuesOf(value: unknown, key = ''): string[] {
  if (typeof value === 'string') return ['value', 'data', 'stringData'].includes(key) && value !== '' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    valuesOf(inner, ['data', 'stringData'].includes(key) ? key : Array.isArray(value) ? key : name),
  );
}

test.each(about.map((control) => [control.id, control] as const))('a finding of %s names the key and never its value', (_, control) => {
  let told = 0;
  for (const example of control.examples.breaks) {
    const values = valuesOf(example.manifests);
    expect(values.length).toBeGreaterThan(0);
    for (const verdict of verdicts(control, example)) {
      if (verdict.verdict === 'pass') continue;
      told += 1;
      for (const value of values) expect(`${verdict.message} ${verdict.at}`).not.toContain(value);
    }
  }
  expect(told).toBeGreaterThan(2);
});
