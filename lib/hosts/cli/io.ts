/** How the command line meets the world; tests give their own. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Where people watch a long run: standard error, when that is a terminal. */
  readonly progress?: (text: string) => void;
  /** When the wait began, in milliseconds as `Date.now` counts; else when the work does. */
  readonly started?: number;
  /** All of standard input. */
  readonly stdin: () => Promise<string>;
  /** Columns of the terminal, where there is one. */
  readonly columns?: number;
  /** Whether standard output shows colours. */
  readonly color: boolean;
  readonly env: { readonly [name: string]: string | undefined };
}
