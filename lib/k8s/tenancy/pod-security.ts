import type { Exemption } from '../../controls/acceptance';

/** Levels of the Pod Security Standards. */
export enum PodSecurityLevel {
  /** Nothing is refused. */
  PRIVILEGED = 'privileged',
  /** Known ways out of a container are refused. */
  BASELINE = 'baseline',
  /** Only pods hardened by current practice are let in. */
  RESTRICTED = 'restricted',
}

/** What a tenant's namespace enforces. Anything below `restricted` is a risk that somebody accepts. */
export class PodSecurity {
  /** Only pods hardened by current practice. */
  public static restricted(): PodSecurity {
    return new PodSecurity(PodSecurityLevel.RESTRICTED, undefined);
  }

  /** Pods without a sandbox of their own, but without a known way out. Written for K-NSP-03. */
  public static baseline(exemption: Exemption): PodSecurity {
    return new PodSecurity(PodSecurityLevel.BASELINE, exemption);
  }

  /** Any pod: node agents that see the node's files. Written for K-NSP-03. */
  public static privileged(exemption: Exemption): PodSecurity {
    return new PodSecurity(PodSecurityLevel.PRIVILEGED, exemption);
  }

  /** The level that is enforced; `restricted` is warned about and audited always. */
  public readonly level: PodSecurityLevel;
  /** Who accepts a level below `restricted`. */
  public readonly exemption?: Exemption;

  private constructor(level: PodSecurityLevel, exemption: Exemption | undefined) {
    this.level = level;
    this.exemption = exemption;
  }
}
