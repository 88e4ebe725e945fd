import { alignedCells, paddedRows } from './aligned-cells.ts';
import type { ReportTable } from './report-table.ts';

/** A table for a terminal, a line a row, columns two spaces apart; numbers as they are given. */
export function plainTable(table: ReportTable): string {
  return paddedRows(alignedCells(table))
    .map((row) => `${row.join('  ').trimEnd()}\n`)
    .join('');
}
