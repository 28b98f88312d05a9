import { InputError } from '../error';

/** Reads a calendar day; throws `DateInvalid` unless it is a real day written YYYY-MM-DD. */
export function day(text: string, what: string): string {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) {
    throw new InputError('DateInvalid', `${what} is '${text}', which is no calendar day; write it as YYYY-MM-DD`);
  }
  return text;
}

/** The day findings are judged as of: `BULWARK_AS_OF` where set, else today in UTC. It changes findings, never bytes. */
export function today(): string {
  const pinned = process.env.BULWARK_AS_OF;
  return pinned ? day(pinned, 'BULWARK_AS_OF') : new Date().toISOString().slice(0, 10);
}

/** Whole days from one day to another, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
