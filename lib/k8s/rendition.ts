import type { Json } from '../inventory/value';
import type { App } from './app';
import { asVersion, knownVersion } from './kubernetes-version';

/** What a program is rendered for, instead of what its App was made for. */
export interface RenditionProps {
  /** Kubernetes minor version, as in `1.37`. */
  readonly kubernetes: string;
}

/**
 * The manifests of an App for another Kubernetes version: the same constructs, rendered once more. A scope whose hardening names a version of its own keeps it, and
 * so does what a program decided by itself while it was building.
 */
export class Rendition {
  /** Kubernetes minor version it is for. */
  public readonly kubernetes: string;

  /** @internal */
  public constructor(
    private readonly app: App,
    props: RenditionProps,
  ) {
    this.kubernetes = knownVersion(props.kubernetes);
  }

  /** All manifests as one YAML text, after the App's validations, which see this version too. */
  public synthYaml(): string {
    return asVersion(this.app, this.kubernetes, () => this.app.synthYaml());
  }

  /** Where the manifests differ from those of the App: one line a field, `-` what the App's version has and `+` what this one has. */
  public differences(): string[] {
    const before = this.app._rendered();
    const after = asVersion(this.app, this.kubernetes, () => this.app._rendered());
    return after.flatMap(({ apiObject, json }, index) => {
      const { kind, name } = apiObject;
      // As it is written: a chart gives its namespace to objects that lie in none, too.
      const { namespace } = json.metadata as { namespace?: string };
      const where = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
      return differences(before[index].json, json, '').map(({ sign, path, value }) => `${sign} ${where} ${path}: ${JSON.stringify(value)}`);
    });
  }
}

interface Difference {
  readonly sign: '-' | '+';
  readonly path: string;
  readonly value: Json;
}

/** The least parts in which two values differ, in the order of their keys. */
function differences(before: Json | undefined, after: Json | undefined, path: string): Difference[] {
  if (isNode(before) && isNode(after) && Array.isArray(before) === Array.isArray(after)) {
    const [left, right] = [before as { [key: string]: Json }, after as { [key: string]: Json }];
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
    const step = (key: string): string => (Array.isArray(before) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`);
    return keys.flatMap((key) => differences(left[key], right[key], step(key)));
  }
  if (before === after) return [];
  return [
    ...(before === undefined ? [] : [{ sign: '-', path, value: before } as const]),
    ...(after === undefined ? [] : [{ sign: '+', path, value: after } as const]),
  ];
}

const isNode = (value: Json | undefined): boolean => typeof value === 'object' && value !== null;
