import { alignedCells, paddedRows } from './aligned-cells.ts';
import type { ReportTable } from './report-table.ts';

/** What Markdown would take for more than text, HTML included. */
const escape = (text: string) => text.replace(/[\\`*_{}[\]<>|~&]/g, '\\$&');

/** A table as GitHub's Markdown has it; numbers as they are given. */
export function markdownTable(table: ReportTable): string {
  const cells = alignedCells(table, escape);
  const [head, ...rows] = paddedRows(cells);
  const rule = head!.map(({ length }, i) => {
    const dashes = '-'.repeat(Math.max(3, length));
    return cells.right[i] ? `${dashes.slice(1)}:` : dashes;
  });
  return [head!, rule, ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}
