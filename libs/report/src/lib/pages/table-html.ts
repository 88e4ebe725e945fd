import { escape } from './escape.ts';
import type { PageCell, PageTable } from './page.ts';

const textOf = (cell: PageCell) =>
  typeof cell === 'string'
    ? cell
    : typeof cell === 'number'
      ? cell.toLocaleString('en-US', { maximumFractionDigits: 4 })
      : cell.text;

/** Numbers, with their signs, units and deviations, or dashes in their place; no lists of them. */
const isNumeric = (text: string) => /^(?:[<−-] ?)?\d|^–/.test(text) && !/, \d/.test(text);

/** A table in a box of its own, which scrolls where it is too wide, by the keyboard too. */
export function tableHtml({ caption, columns, rows, folded }: PageTable): string {
  const numeric = columns.map((_, i) => {
    const texts = rows.flatMap((row) => textOf(row[i] ?? '') || []);
    return i > 0 && texts.length > 0 && texts.every(isNumeric);
  });
  const cell = (tag: string, content: string, i: number) =>
    `<${tag}${numeric[i] ? ' class="number"' : ''}>${content}</${tag.split(' ', 1)[0]}>`;
  const head = columns.map((column, i) => cell('th scope="col"', escape(column), i)).join('');
  const body = rows.map((row) => {
    const cells = row.map((own, i) => cell(i === 0 ? 'th scope="row"' : 'td', cellHtml(own), i));
    return `<tr>${cells.join('')}</tr>`;
  });
  const label = escape(caption);
  const table = `<div class="table" role="group" aria-label="${label}" tabindex="0"><table>
<caption><span>${label}</span></caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
  return folded ? `<details><summary>${label}</summary>\n${table}\n</details>` : table;
}

function cellHtml(cell: PageCell): string {
  const text = escape(textOf(cell));
  return typeof cell === 'object' ? `<a href="${escape(cell.href)}">${text}</a>` : text;
}
