import { InputError } from '../../error';

/** What is known about an image besides its name. */
export interface ImageOptions {
  /**
   * The image names its own numeric, non-root user, so none is set on the container.
   * @default - false, and `true` where `uid` is given
   */
  readonly declaresUser?: boolean;
  /**
   * Numeric id of the user the image was built for; the container runs as it.
   * @default - the image's own user where `declaresUser` is true, else 10001
   */
  readonly uid?: number;
  /**
   * Numeric id of the group the image was built for. An image that names only a user runs with group 0 otherwise.
   * @default - the same number as `uid`
   */
  readonly gid?: number;
}

/** What is known about an image that is named by its digest. */
export interface ImageDigestOptions extends ImageOptions {
  /**
   * Tag the digest had when it was pinned, for readers; the digest decides.
   * @default - none
   */
  readonly tag?: string;
}

const DOMAIN = '(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*(?::[0-9]+)?/)?';
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${DOMAIN}${COMPONENT}(?:/${COMPONENT})*$`);
const SEMVER = /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/**
 * A container image whose name says which one it is: by a full version or by its digest, never by a tag that moves.
 * @satisfies K-IMG-01
 */
export class Image {
  /**
   * An image by its full semantic version, as in `1.4.2` or `v1.4.2-rc.1`.
   * Throws `TagFloating` for `latest`, `1`, `1.4` and other tags that move, and `RepositoryInvalid`.
   */
  public static semver(repository: string, version: string, options?: ImageOptions): Image {
    if (!SEMVER.test(version)) {
      throw new InputError(
        'TagFloating',
        `tag '${version}' of '${repository}' may be moved to another image; write all three numbers, as in '1.4.2', or use Image.digest`,
      );
    }
    return new Image(`${named(repository)}:${version}`, version, options);
  }

  /**
   * An image by its digest, `sha256:` and 64 hexadecimal digits.
   * Throws `DigestInvalid`, `TagInvalid` or `RepositoryInvalid`.
   */
  public static digest(repository: string, digest: string, options?: ImageDigestOptions): Image {
    if (!DIGEST.test(digest)) {
      throw new InputError(
        'DigestInvalid',
        `digest '${digest}' of '${repository}' is not 'sha256:' and 64 hexadecimal digits; copy it in full`,
      );
    }
    const tag = options?.tag;
    if (tag !== undefined && !TAG.test(tag)) {
      throw new InputError('TagInvalid', `tag '${tag}' of '${repository}' is no image tag; use letters, digits, '_', '.' and '-'`);
    }
    return new Image(`${named(repository)}${tag === undefined ? '' : `:${tag}`}@${digest}`, tag, options);
  }

  /** The name as the container runtime pulls it. */
  public readonly reference: string;
  /** Its tag, where it has one. */
  public readonly tag?: string;
  /** Whether the image names its own numeric, non-root user. */
  public readonly declaresUser: boolean;
  /** Numeric id of the user to run as, where it is known. */
  public readonly uid?: number;
  /** Numeric id of the group to run as, where it is known. */
  public readonly gid?: number;

  private constructor(reference: string, tag: string | undefined, options: ImageOptions | undefined) {
    const uid = options?.uid;
    const gid = options?.gid ?? uid;
    for (const [name, id] of Object.entries({ uid, gid })) {
      if (id === undefined || (Number.isInteger(id) && id > 0 && id <= 2147483647)) continue;
      throw new InputError(
        'UidInvalid',
        `${name} ${id} of '${reference}' is not a user or group other than root; build the image with numeric ids above 0`,
      );
    }
    this.reference = reference;
    this.tag = tag;
    this.uid = uid;
    this.gid = gid;
    this.declaresUser = options?.declaresUser ?? uid !== undefined;
  }
}

function named(repository: string): string {
  if (!REPOSITORY.test(repository)) {
    throw new InputError(
      'RepositoryInvalid',
      `'${repository}' is no image repository; write 'registry.example.com/team/name' without a tag or digest`,
    );
  }
  return repository;
}
