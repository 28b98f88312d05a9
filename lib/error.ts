/** Where bad input stands: a file with line and column, or a construct path. */
export interface Place {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly path?: string;
}

/** Writes a place as `file:line:column` or `[construct/path]`, empty when nothing is known. */
export function placeText(place: Place): string {
  if (place.file !== undefined) {
    return [place.file, place.line, place.line === undefined ? undefined : place.column].filter((part) => part !== undefined).join(':');
  }
  return place.path === undefined ? '' : `[${place.path}]`;
}

/**
 * Input that cannot be used: one message that names the place, the offending value and one change to make.
 * The command line prints it without a stack trace and exits with 2.
 *
 * `code` is a stable PascalCase name; `detail` is lower case without a full stop.
 */
export class InputError extends Error {
  readonly code: string;
  readonly detail: string;
  readonly place: Place;

  constructor(code: string, detail: string, place: Place = {}) {
    const where = placeText(place);
    super(`${where === '' ? '' : `${where}: `}${detail} (${code})`);
    this.name = 'InputError';
    this.code = code;
    this.detail = detail;
    this.place = place;
  }
}
