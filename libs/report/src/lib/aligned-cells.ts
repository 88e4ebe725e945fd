import { cellLine } from './cell-line.ts';
import type { ReportTable } from './report-table.ts';

/** A table of texts as it is to be set, its head apart. */
export interface AlignedCells {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Of each column: whether it is set to the right, as numbers are. */
  readonly right: readonly boolean[];
}

const isNumeric = (cell: string) => cell === '' || /^-?\d/.test(cell);

/** Each cell one line, made by `escape` into what the format has for it. */
export function alignedCells(
  { columns, rows }: ReportTable,
  escape: (text: string) => string = (text) => text,
): AlignedCells {
  const lines = rows.map((row) => row.map((cell) => cellLine(String(cell))));
  return {
    head: columns.map((column) => escape(cellLine(column))),
    rows: lines.map((row) => row.map(escape)),
    right: columns.map((_, i) => lines.every((row) => isNumeric(row[i]!))),
  };
}

/** All cells of a column as wide as its widest; the first row is the head. */
export function paddedRows({ head, rows, right }: AlignedCells): string[][] {
  const all = [head, ...rows];
  const widths = head.map((_, i) => all.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  return all.map((row) =>
    row.map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))),
  );
}
