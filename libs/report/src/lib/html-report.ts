import { visible } from '@winnow/plugin-api/text';

export interface ReportTable {
  readonly columns: readonly string[];
  /** Numbers are aligned and rounded to four digits after the point; write others, such as seeds, as text. */
  readonly rows: readonly (readonly (string | number)[])[];
}

/** What a report says without its pictures: lines, and tables between them. */
export type ReportText = readonly (string | ReportTable)[];

export interface ReportSection {
  readonly heading: string;
  readonly text?: string;
  /** A picture of this library; its markup goes in as it is. */
  readonly svg?: string;
  readonly table?: ReportTable;
  /** The command that makes this section's results again. */
  readonly command?: string;
}

export interface HtmlReportOptions {
  readonly title: string;
  readonly summary: string;
  readonly sections: readonly ReportSection[];
}

/** Lays sections out as one HTML page that needs no other file, light or dark as the reader prefers. Blank lines part paragraphs. */
export function htmlReport({ title, summary, sections }: HtmlReportOptions): string {
  // The policy makes the browser hold to what the page promises: nothing fetched, no script run.
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escape(title)}</h1>
${paragraphs(summary)}
</header>
${sections.map(sectionHtml).join('\n')}
</main>
</body>
</html>
`;
}

function sectionHtml({ heading, text, svg, table, command }: ReportSection): string {
  return [
    '<section>',
    `<h2>${escape(heading)}</h2>`,
    text && paragraphs(text),
    svg && `<figure>${svg}</figure>`,
    table && tableHtml(table),
    command && `<pre><code>${escape(command)}</code></pre>`,
    '</section>',
  ]
    .filter(Boolean)
    .join('\n');
}

function tableHtml({ columns, rows }: ReportTable): string {
  const numeric = columns.map(
    (_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'),
  );
  const cell = (tag: string, value: string | number, i: number) =>
    `<${tag}${numeric[i] ? ' class="number"' : ''}>${escape(cellText(value))}</${tag}>`;
  const head = columns.map((column, i) => cell('th', column, i)).join('');
  const body = rows.map((row) => `<tr>${row.map((v, i) => cell('td', v, i)).join('')}</tr>`);
  return `<div class="table"><table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('\n')}
</tbody>
</table></div>`;
}

function cellText(value: string | number): string {
  return typeof value === 'string'
    ? value
    : value.toLocaleString('en-US', { maximumFractionDigits: 4 });
}

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${escape(paragraph)}</p>`)
    .join('\n');
}

function escape(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}

const STYLE = `
:root { --page: #f6f8fa; --card: #ffffff; --ink: #24292f; --quiet: #57606a; --rule: #d8dee4; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d1117; --card: #161b22; --ink: #e6edf3; --quiet: #9198a1; --rule: #30363d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 48px 24px 64px; }
h1 { margin: 0 0 8px; font-size: 32px; line-height: 1.2; letter-spacing: -0.01em; }
header p { font-size: 18px; color: var(--quiet); }
p { margin: 0 0 12px; max-width: 72ch; white-space: pre-line; overflow-wrap: anywhere; }
section { margin-top: 40px; padding-top: 24px; border-top: 1px solid var(--rule); }
h2 { margin: 0 0 12px; font-size: 21px; line-height: 1.3; }
figure { margin: 16px 0; padding: 12px; background: #ffffff; border: 1px solid var(--rule); border-radius: 10px; }
figure > svg { display: block; width: 100%; height: auto; }
.table { margin: 16px 0; overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
th, td { padding: 8px 16px; text-align: left; }
th { color: var(--quiet); font-weight: 600; }
tbody tr { border-top: 1px solid var(--rule); }
.number { text-align: right; font-variant-numeric: tabular-nums; }
pre { margin: 16px 0 0; padding: 12px 16px; overflow-x: auto; font-size: 14px; background: var(--card);
  border: 1px solid var(--rule); border-radius: 10px; }
`;
