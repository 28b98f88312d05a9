/** An image reference: `registry.example.com:5000/team/app:1.4.2@sha256:...`. */
export interface ImageReference {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

/** Splits an image reference; the tag stands after the last colon of the last path segment, so the port of a registry is none. */
export function parseImage(image: string): ImageReference {
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    name: colon < 0 ? name : name.slice(0, colon),
    tag: colon < 0 ? undefined : name.slice(colon + 1),
    digest: at < 0 ? undefined : image.slice(at + 1),
  };
}

/** The name with its registry written out: `nginx` is `docker.io/library/nginx`. */
export function fullName({ name }: ImageReference): string {
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  if (first === 'index.docker.io') return `docker.io${name.slice(slash)}`;
  if (first === 'localhost' || /[.:]/.test(first)) return name;
  return slash < 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}

/** A reference that somebody still fills in, such as a hand-off placeholder. */
export function isPlaceholder(image: string): boolean {
  return image.includes('${');
}

/** True when the reference means whatever the registry calls latest at the moment. A digest decides, whatever tag stands before it. */
export function isLatest({ tag, digest }: ImageReference): boolean {
  return !digest && (!tag || tag === 'latest');
}

/** A reference as registries define it; with anything else the API server takes no default from the tag. */
const VALID =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*(?::\w[\w.-]{0,127})?(?:@\w+:[0-9a-fA-F]{32,})?$/;

/** True when the API server writes the pull policy Always where none is set: the tag is latest, also before a digest, or there is neither. */
export function defaultsToAlways(image: string): boolean {
  if (!VALID.test(image)) return false;
  const { tag, digest } = parseImage(image);
  return tag === 'latest' || (tag === undefined && digest === undefined);
}

/** CEL over a container `c`: its image means latest. */
export const CEL_LATEST =
  "(has(c.image) && !c.image.matches('@.') && (!c.image.matches('(^|/)[^/:@]*:[^/@]+@?$') || c.image.matches('(^|/)[^/:@]*:latest@?$')))";
