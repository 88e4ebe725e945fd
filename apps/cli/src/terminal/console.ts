import { visible, visibleJson } from '@winnow/plugin-api/text';
import { oneLine } from './one-line.ts';

/** Where text goes, and whether a person sees it come. */
export interface Output extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/** Where the program speaks. */
export interface Console {
  /** What was asked for. */
  readonly out: Output;
  /** Progress, notes and errors. */
  readonly notes: Output;
}

export const processConsole: Console = { out: process.stdout, notes: process.stderr };

export function print({ out }: Console, ...lines: readonly string[]): void {
  out.write(`${visible(lines.join('\n'))}\n`);
}

/** One line among the notes on what went wrong and costs nothing. */
export function note({ notes }: Console, error: unknown): void {
  notes.write(`note: ${oneLine(error instanceof Error ? error.message : String(error))}\n`);
}

export function printJson({ out }: Console, value: unknown): void {
  out.write(`${visibleJson(value)}\n`);
}
