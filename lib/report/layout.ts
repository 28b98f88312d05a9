import { createColors } from 'picocolors';

/** Colours for one output. */
export type Colors = ReturnType<typeof createColors>;

/** How a text report is laid out. */
export interface Layout {
  /** Columns to wrap at. */
  readonly width: number;
  readonly colors: Colors;
}

/** A layout for an output: `width` columns, with or without colour. */
export function layoutOf(width: number | undefined, color: boolean): Layout {
  return { width: Math.min(Math.max(width ?? 100, 50), 140), colors: createColors(color) };
}

/** Breaks text at spaces so that no line is longer than the layout, further lines indented like the first. */
export function wrap(text: string, indent: number, { width }: Layout, first = ' '.repeat(indent)): string {
  const room = Math.max(width - indent, 20);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((part, index) => `${index === 0 ? first : ' '.repeat(indent)}${part}`).join('\n');
}

/** Rows as columns, the first flush left, numbers flush right. */
export function table(rows: readonly (readonly string[])[], indent = 2): string[] {
  const widths: number[] = [];
  for (const row of rows) for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cell.length);
  return rows.map((row) => {
    const cells = row.map((cell, at) => (at > 0 && /^[\d-]+$|^$/.test(cell) ? cell.padStart(widths[at]) : cell.padEnd(widths[at])));
    return `${' '.repeat(indent)}${cells.join('  ')}`.trimEnd();
  });
}

/** `1 finding`, `2 findings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
