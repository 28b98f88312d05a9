import { readFileSync } from 'node:fs';
import type { IConstruct } from 'constructs';
import { InputError } from '../error';

const HANDOFF = Symbol.for('cdk-bulwark.k8s.handoff');
/** Travels inside the map itself: maps of strings reach every jsii language by value. */
const PLACEHOLDERS = 'handoff/placeholders';

/** How the pods of a service account get AWS credentials. */
interface WorkloadIdentity {
  readonly kind: 'podIdentity' | 'irsa';
  /** Role ARN, for IRSA. */
  readonly role?: string;
}

/**
 * Values that the AWS side knows and manifests need: CIDR ranges, role ARNs, outputs of deployed stacks.
 * `aws.Handoff.of(cluster).values` makes the map that `k8s.App({ handoff })` takes.
 */
export class Handoff {
  /** The hand-off of the App that a construct belongs to; an empty one where the App has none. */
  public static of(scope: IConstruct): Handoff {
    const root = scope.node.root as unknown as Record<symbol, Handoff | undefined>;
    return root[HANDOFF] ?? new Handoff({});
  }

  /**
   * Lets values that are not there yet render as `${handoff:KEY}`, for tests and for the first synthesis before anything is deployed.
   * The audit reports every placeholder that reaches a manifest.
   */
  public static placeholders(values?: { [key: string]: string }): { [key: string]: string } {
    return { ...values, [PLACEHOLDERS]: 'true' };
  }

  /** @internal */
  public static _install(app: IConstruct, values: { [key: string]: string } | undefined, outputsFile: string | undefined): Handoff {
    const all = { ...values, ...(outputsFile === undefined ? {} : readOutputs(outputsFile)) };
    for (const [key, value] of Object.entries(all)) {
      if (typeof value !== 'string' || value.includes('${Token[')) {
        throw new InputError(
          'HandoffUnresolved',
          `hand-off '${key}' holds '${value}', which only a deployment resolves; give the role a fixed name and the stack an account and region, or hand it over as a stack output`,
        );
      }
    }
    const handoff = new Handoff(all);
    Object.defineProperty(app, HANDOFF, { value: handoff });
    return handoff;
  }

  private readonly values: Map<string, string>;
  private readonly placeholders: boolean;

  private constructor(values: { [key: string]: string }) {
    this.values = new Map(Object.entries(values));
    this.placeholders = this.values.delete(PLACEHOLDERS);
  }

  /** Whether a value is there. */
  public has(key: string): boolean {
    return this.values.has(key);
  }

  /**
   * A value by its key, for example `network/cidr` or `output/Platform/FileSystemId`.
   * Throws `HandoffMissing` when it is not there, unless placeholders are allowed.
   */
  public value(key: string): string {
    const value = this.values.get(key);
    if (value !== undefined) return value;
    if (this.placeholders) return `\${handoff:${key}}`;
    const change = key.startsWith('output/')
      ? `deploy with 'cdk deploy --outputs-file FILE' and pass the file as 'outputsFile'`
      : `pass 'aws.Handoff.of(cluster).values' as 'handoff'`;
    throw new InputError('HandoffMissing', `hand-off '${key}' is missing; ${change}, or use k8s.Handoff.placeholders()`);
  }

  /** @internal */
  public _identity(namespace: string | undefined, serviceAccount: string): WorkloadIdentity | undefined {
    const key = `identity/${namespace ?? 'default'}/${serviceAccount}`;
    const value = this.values.get(key);
    if (value === undefined) return undefined;
    if (value === 'pod-identity') return { kind: 'podIdentity' };
    if (/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(value) || value.startsWith('${handoff:')) return { kind: 'irsa', role: value };
    throw new InputError('IdentityInvalid', `hand-off '${key}' is '${value}'; it must be 'pod-identity' or the ARN of an IAM role`);
  }

  /**
   * CIDR ranges behind which AWS APIs and STS answer.
   * @internal
   */
  public _endpointRanges(): string[] {
    return this.value('network/endpoints')
      .split(',')
      .map((range) => range.trim())
      .filter((range) => range !== '');
  }
}

/** What `cdk deploy --outputs-file` writes: `{ Stack: { Output: value } }`. */
function readOutputs(file: string): { [key: string]: string } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new InputError('OutputsFileMissing', `cannot read the outputs file; write it with 'cdk deploy --outputs-file ${file}'`, { file });
  }
  let stacks: unknown;
  try {
    stacks = JSON.parse(text);
  } catch (error) {
    throw new InputError('OutputsFileInvalid', `not JSON (${(error as Error).message}); write it with 'cdk deploy --outputs-file'`, {
      file,
    });
  }
  const values: { [key: string]: string } = {};
  const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
  for (const [stack, outputs] of isMap(stacks) ? Object.entries(stacks) : [['', undefined]]) {
    if (!isMap(outputs)) {
      throw new InputError('OutputsFileInvalid', `not a map of stacks to outputs; write it with 'cdk deploy --outputs-file'`, { file });
    }
    for (const [name, value] of Object.entries(outputs)) values[`output/${stack}/${name}`] = String(value);
  }
  return values;
}
