import type { Io } from './io';

/** Milliseconds before the first word: what is over sooner needs none. */
const PATIENCE = 250;
/** Milliseconds between two words. */
const PACE = 100;
const CLEAR = '\r\u001b[2K';

/** Tells somebody at a terminal that a long run is alive, on one line that goes before the report comes. Without a terminal it is silent. */
export class Progress {
  private next: number;
  private shown = false;

  constructor(
    private readonly io: Pick<Io, 'progress' | 'started'>,
    private readonly now: () => number = Date.now,
  ) {
    this.next = (io.started ?? now()) + PATIENCE;
  }

  /** What is being done; dropped when the last word is not old enough. */
  public say(text: string): void {
    if (this.io.progress === undefined || this.now() < this.next) return;
    this.next = this.now() + PACE;
    this.shown = true;
    this.io.progress(`${CLEAR}${text}`);
  }

  /** A step without parts. */
  public during<T>(text: string, work: () => T): T {
    this.say(text);
    try {
      return work();
    } finally {
      this.end();
    }
  }

  /** Takes the line away. */
  public end(): void {
    if (!this.shown) return;
    this.io.progress?.(CLEAR);
    this.shown = false;
    // What is said next is another step, and worth a word at once.
    this.next = this.now();
  }
}
