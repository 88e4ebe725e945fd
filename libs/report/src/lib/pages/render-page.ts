import { NARROW, WIDE } from '../look.ts';
import { COPY_SCRIPT, COPY_SCRIPT_HASH } from './copy-script.ts';
import { escape, prose } from './escape.ts';
import type { Page, PageBlock, PageChart, PageLink, PageSection } from './page.ts';
import { STYLE } from './style.ts';
import { tableHtml } from './table-html.ts';

/** What a page is that a server keeps fresh. */
export interface ServedPage {
  /** The module that does so, relative to the page; what may be fetched is for the server to say. */
  readonly script: string;
}

/** A page as one HTML file that needs no other, light or dark as the reader prefers, on narrow screens too. */
export async function renderPage(page: Page, served?: ServedPage): Promise<string> {
  // The policy makes the browser hold to what the page promises: nothing is fetched, and no script runs but its own.
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '${COPY_SCRIPT_HASH}'">\n`;
  const fresh = served ? `<script type="module" src="${escape(served.script)}"></script>\n` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${served ? '' : policy}<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
${await renderMain(page)}
<script>${COPY_SCRIPT}</script>
${fresh}</body>
</html>
`;
}

/** What of a page stands within its body. */
export async function renderMain({
  title,
  summary,
  links = [],
  blocks = [],
  sections,
}: Page): Promise<string> {
  const around =
    links.length > 0
      ? `<nav aria-label="Pages around">${links.map(linkHtml).join(' ')}</nav>\n`
      : '';
  return `<main>
${around}<header>
<h1>${prose(title)}</h1>
${paragraphs(summary)}
</header>
${await contentHtml(blocks, sections, 2)}
</main>`;
}

/** Drawn one after another. */
async function contentHtml(
  blocks: readonly PageBlock[],
  sections: readonly PageSection[],
  level: number,
): Promise<string> {
  const parts: string[] = [];
  for (const block of blocks) parts.push(await blockHtml(block));
  for (const { heading, blocks, sections: within = [] } of sections) {
    const content = await contentHtml(blocks, within, level + 1);
    parts.push(`<section>\n<h${level}>${prose(heading)}</h${level}>\n${content}\n</section>`);
  }
  return parts.join('\n');
}

function blockHtml(block: PageBlock): string | Promise<string> {
  if (typeof block === 'string') return paragraphs(block);
  switch (block.kind) {
    case 'table':
      return tableHtml(block);
    case 'chart':
      return chartHtml(block);
    case 'command':
      return commandHtml(block.command);
    case 'log':
      return `<pre tabindex="0" role="group" aria-label="${escape(block.label)}"><code>${escape(block.lines.join('\n'))}</code></pre>`;
    case 'list': {
      const items = block.items.map((item) =>
        typeof item === 'string' ? prose(item) : linkHtml(item),
      );
      return `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`;
    }
    case 'facts': {
      const facts = block.facts.map(({ name, value, beside }) => {
        const more = beside === undefined ? '' : `<dd>${prose(beside)}</dd>`;
        return `<div><dt>${escape(name)}</dt><dd>${prose(value)}</dd>${more}</div>`;
      });
      return `<dl class="facts">\n${facts.join('\n')}\n</dl>`;
    }
  }
}

/** Broken between options alone, as far as they fit. */
function commandHtml(command: string): string {
  const options = command.split(/ (?=--)/).map((option) => `<span>${escape(option)}</span>`);
  return `<div class="command"><button type="button" data-copy aria-live="polite">Copy</button><pre tabindex="0" role="group" aria-label="Command"><code>${options.join(' ')}</code></pre></div>`;
}

/** Of the two layouts the style sheet shows the one that fits; read out is the label. */
async function chartHtml({ label, draw }: PageChart): Promise<string> {
  const layout = (name: string, svg: string) =>
    `<div class="${name}" aria-hidden="true">${svg}</div>`;
  return `<div class="card" role="img" aria-label="${escape(label)}">
${layout('wide', await draw(WIDE))}
${layout('narrow', await draw(NARROW))}
</div>`;
}

const linkHtml = ({ text, href }: PageLink) => `<a href="${escape(href)}">${escape(text)}</a>`;

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${prose(paragraph)}</p>`)
    .join('\n');
}
