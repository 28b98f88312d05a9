/**
 * Whether a pattern fits all of a text: `*` stands for any characters, `?` for one. Takes no longer than the product of both lengths, whoever wrote the
 * pattern.
 */
export function fitsGlob(pattern: string, text: string): boolean {
  let at = 0;
  let place = 0;
  // Where the last star stands, and how much of the text it covers so far.
  let star = -1;
  let covered = 0;
  while (place < text.length) {
    if (pattern[at] === '*') {
      star = at;
      covered = place;
      at += 1;
    } else if (pattern[at] === '?' || pattern[at] === text[place]) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      covered += 1;
      at = star + 1;
      place = covered;
    } else return false;
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

/** True when an IAM pattern (`iam:Pass*`) fits an action, as IAM compares them: without regard to case. */
export function matchesAction(pattern: string, action: string): boolean {
  return fitsGlob(pattern.toLowerCase(), action.toLowerCase());
}
