import * as cdk8s from 'cdk8s';
import { AcceptanceResolver } from './acceptances';
import { Handoff } from './handoff';
import { knownVersion, pinVersion, versionOf } from './kubernetes-version';
import { Rendition, type RenditionProps } from './rendition';
import { type RenderedObject, Synthesis } from './synthesis';

/** What an App needs to know. */
export interface AppProps {
  /** Kubernetes minor version the manifests are for, as in `1.35`: it decides field availability and the pinned Pod Security Standard. */
  readonly kubernetes: string;
  /**
   * Values that the AWS side knows, by key: `aws.Handoff.of(cluster).values`.
   * @default - none; a construct that needs one throws `HandoffMissing`
   */
  readonly handoff?: { [key: string]: string };
  /**
   * File that `cdk deploy --outputs-file` wrote; its values have the keys `output/STACK/NAME`.
   * @default - no deployed values
   */
  readonly outputsFile?: string;
  /**
   * Folder the manifests are written to.
   * @default - `CDK8S_OUTDIR` where it is set, else `dist`
   */
  readonly outdir?: string;
  /**
   * Ending of the manifest files.
   * @default .k8s.yaml
   */
  readonly outputFileExtension?: string;
  /**
   * How objects are divided into files.
   * @default YamlOutputType.FILE_PER_CHART
   */
  readonly yamlOutputType?: cdk8s.YamlOutputType;
  /**
   * Also write `construct-metadata.json`, the construct path of each object.
   * @default - only where `CDK8S_RECORD_CONSTRUCT_METADATA` is `true`
   */
  readonly recordConstructMetadata?: boolean;
  /**
   * Resolvers of values, before cdk8s's own.
   * @default - none
   */
  readonly resolvers?: cdk8s.IResolver[];
}

/**
 * A cdk8s App that knows its Kubernetes version and the values handed over by the AWS side, and writes any number of charts in linear time.
 *
 * Throws `KubernetesVersionUnknown`, `HandoffUnresolved`, `OutputsFileMissing` or `OutputsFileInvalid`.
 */
export class App extends cdk8s.App {
  /** The values handed over by the AWS side. */
  public readonly handoff: Handoff;
  private synthesis?: Synthesis;

  constructor(props: AppProps) {
    super({
      outdir: props.outdir,
      outputFileExtension: props.outputFileExtension,
      yamlOutputType: props.yamlOutputType,
      recordConstructMetadata: props.recordConstructMetadata,
      resolvers: [...(props.resolvers ?? []), new AcceptanceResolver()],
    });
    pinVersion(this, knownVersion(props.kubernetes));
    this.handoff = Handoff._install(this, props.handoff, props.outputsFile);
  }

  /** Kubernetes minor version the manifests are for; while another version is rendered, that one. */
  public get kubernetes(): string {
    return versionOf(this);
  }

  /**
   * The same program for another Kubernetes version: what an upgrade changes in the manifests, before it is made.
   * Throws `KubernetesVersionUnknown`.
   */
  public at(props: RenditionProps): Rendition {
    return new Rendition(this, props);
  }

  /** Writes all manifests to the output folder. */
  public synth(): void {
    this.synthesize(() => super.synth());
  }

  /** All manifests as one YAML text. */
  public synthYaml(): string {
    return this.synthesize(() => super.synthYaml());
  }

  /**
   * Every object as it is written, in tree order. During a synthesis each one is rendered once and these very objects are written, so a validation of
   * the App judges what reaches the disk; it runs after the validations of all other constructs.
   * @internal
   */
  public _rendered(): RenderedObject[] {
    return (this.synthesis ?? new Synthesis(this)).rendered();
  }

  private synthesize<T>(work: () => T): T {
    if (this.synthesis !== undefined) return work();
    this.synthesis = new Synthesis(this);
    try {
      return this.synthesis.run(work);
    } finally {
      this.synthesis = undefined;
    }
  }
}
