import { InputError, type Place } from '../error';

/** An exemption or decision may reach this many days ahead: a year, leap day included. */
export const LONGEST_DAYS = 366;

/** True for a real calendar day written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  return date !== undefined && !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** Reads a calendar day; throws `DateInvalid` unless it is a real day written YYYY-MM-DD. */
export function day(text: string, what: string, place?: Place): string {
  if (!isDay(text)) throw new InputError('DateInvalid', `${what} is '${text}', which is no calendar day; write it as YYYY-MM-DD`, place);
  return text;
}

/** Reads the last day of an exemption or decision; throws `DateInvalid`, or `AcceptanceTooLong` when it is more than a year ahead. */
export function lastDay(text: string, what: string, place?: Place): string {
  const ahead = daysBetween(today(), day(text, what, place));
  if (ahead > LONGEST_DAYS)
    throw new InputError('AcceptanceTooLong', `${what} '${text}' is ${ahead} days ahead; choose a day within a year`, place);
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
