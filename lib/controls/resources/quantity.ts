const SUFFIX: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Reads a Kubernetes quantity (`500m`, `1Gi`, `1e3`) as a number; undefined when it is none. */
export function quantity(text: string | number): number | undefined {
  if (typeof text === 'number') return text;
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i))?$/.exec(text);
  if (parts === null) return undefined;
  return Number(parts[1] + (parts[2] ?? '')) * SUFFIX[parts[3] ?? ''];
}
