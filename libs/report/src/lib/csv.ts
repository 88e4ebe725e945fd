import { cellLine } from './cell-line.ts';

/** What a spreadsheet takes for the beginning of a formula, in whatever width it is written. */
const FORMULA = /^[=+\-@＝＋－＠]/;

/** Always quoted, so that commas and quotes are part of it; an apostrophe is how a spreadsheet is told that it is text. */
function textCell(text: string): string {
  // One line a row: a name that holds newlines has them spelt out.
  const line = cellLine(text);
  const safe = FORMULA.test(line) ? `'${line}` : line;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** A table as comma-separated values: numbers stay numbers, texts stay texts, also in a spreadsheet. */
export function csv(
  columns: readonly string[],
  rows: readonly (readonly (string | number | undefined)[])[],
): string {
  const cell = (value: string | number | undefined) =>
    typeof value === 'string' ? textCell(value) : (value ?? '');
  // Names of options that plugins bring may be anything.
  const head = columns.map((column) => (/^[\w.-]+$/.test(column) ? column : textCell(column)));
  return [head, ...rows.map((row) => row.map(cell))].map((row) => `${row.join(',')}\n`).join('');
}
