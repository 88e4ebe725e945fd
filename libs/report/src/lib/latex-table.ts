import { alignedCells } from './aligned-cells.ts';
import type { ReportTable } from './report-table.ts';

/** A bracket at the beginning of a row would be the space after the last one. */
const ESCAPED: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '[': '{[}',
  '±': '$\\pm$',
};

/** A hyphen before a number is its sign. */
const escape = (text: string) =>
  text
    .replace(/[\\~^<>|[±&%$#_{}]/g, (character) => ESCAPED[character] ?? `\\${character}`)
    .replace(/(?<!\S)-(?=\d)/g, '$$-$$');

/** A table in the look of LaTeX's package booktabs, which the document loads; numbers as they are given. */
export function latexTable(table: ReportTable): string {
  const { head, rows, right } = alignedCells(table, escape);
  const line = (row: readonly string[]) => `${row.join(' & ')} \\\\`;
  return [
    `\\begin{tabular}{${right.map((isRight) => (isRight ? 'r' : 'l')).join('')}}`,
    '\\toprule',
    line(head),
    '\\midrule',
    ...rows.map(line),
    '\\bottomrule',
    '\\end{tabular}\n',
  ].join('\n');
}
