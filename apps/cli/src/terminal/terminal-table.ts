import type { ReportTable, ReportText } from '@winnow/report';
import Table from 'cli-table3';

/** The first column to the left, numbers to the right. */
export function terminalTable({ columns, rows }: ReportTable): string {
  const table = new Table({
    head: [...columns],
    style: { head: [], border: [] },
    colAligns: columns.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** What a report says, its tables among its lines. */
export function reportLines(text: ReportText): string[] {
  return text.map((part) => (typeof part === 'string' ? part : terminalTable(part)));
}
