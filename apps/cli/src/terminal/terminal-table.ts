import { type ReportTable, type ReportText, plainTable } from '@winnow/report';
import Table from 'cli-table3';
import { oneLine } from './one-line.ts';

interface TableLook {
  /** Whether no lines part the rows. */
  readonly compact?: boolean;
  /** Of each column; the first to the left and the others to the right when left out. */
  readonly align?: readonly ('left' | 'right')[];
}

/** Framing a row looks at all rows before it. */
const MOST_FRAMED = 500;

/** A table in the characters of a terminal; one of very many rows without a frame. */
export function terminalTable(
  { columns, rows }: ReportTable,
  { compact = false, align = columns.map((_, i) => (i === 0 ? 'left' : 'right')) }: TableLook = {},
): string {
  if (rows.length > MOST_FRAMED) return plainTable({ columns, rows });
  const table = new Table({
    head: columns.map(oneLine),
    style: { head: [], border: [], compact },
    colAligns: [...align],
  });
  // Cells hold what classes, layers and runs are called; one that began a line would shift those beside it.
  const shown = (cell: string | number) => (typeof cell === 'string' ? oneLine(cell) : cell);
  table.push(...rows.map((row) => row.map(shown)));
  return table.toString();
}

/** What a report says, its tables among its lines. */
export function reportLines(text: ReportText): string[] {
  return text.map((part) => (typeof part === 'string' ? part : terminalTable(part)));
}
