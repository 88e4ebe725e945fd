import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import type { Look } from '../look.ts';
import { hrefOf } from './href.ts';
import type { Page } from './page.ts';
import { renderPage } from './render-page.ts';

const evil = `<script>alert("1 & 2")</script>`;

const read = async (page: Page) => {
  const html = await renderPage(page);
  const { document } = parseHTML(html);
  const all = (selector: string) => [...document.querySelectorAll(selector)];
  return {
    html,
    all,
    texts: (selector: string) => all(selector).map((element) => element.textContent),
    values: (selector: string, attribute: string) =>
      all(selector).map((element) => element.getAttribute(attribute)),
  };
};

it('lays out sections within sections, and fetches nothing', async () => {
  const looks: Look[] = [];
  const draw = (look: Look) => {
    looks.push(look);
    return Promise.resolve(
      `<svg xmlns="http://www.w3.org/2000/svg"><rect width="${look.width}"/></svg>`,
    );
  };
  const { html, all, texts, values } = await read({
    title: 'Tickets',
    summary: 'One.\n\nTwo.',
    links: [{ text: 'The study', href: '../report.html' }],
    blocks: [{ kind: 'facts', facts: [{ name: 'weights', value: '243', beside: 'of 97,552' }] }],
    sections: [
      {
        heading: 'Accuracy',
        blocks: [{ kind: 'chart', label: 'cts at 89 %.', draw }, 'None.'],
        sections: [{ heading: 'By seed', blocks: [{ kind: 'list', items: ['a', 'b'] }] }],
      },
      { heading: 'Again', blocks: [{ kind: 'command', command: 'winnow run' }] },
    ],
  });
  expect(texts('header p')).toEqual(['One.', 'Two.']);
  expect(all('h1, h2, h3').map(({ tagName, textContent }) => [tagName, textContent])).toEqual([
    ['H1', 'Tickets'],
    ['H2', 'Accuracy'],
    ['H3', 'By seed'],
    ['H2', 'Again'],
  ]);
  expect(texts('dl > div > *')).toEqual(['weights', '243', 'of 97,552']);
  expect(texts('li')).toEqual(['a', 'b']);
  expect(texts('pre code')).toEqual(['winnow run']);
  expect(values('a', 'href')).toEqual(['../report.html']);
  // Once for each width, in colours that follow the theme.
  expect(values('[role=img] rect', 'width')).toEqual(['880', '340']);
  expect(values('[role=img]', 'aria-label')).toEqual(['cts at 89 %.']);
  for (const { ink, colours } of looks) {
    const used = [ink, ...colours].map((colour) => /^var\((--[\w-]+)\)$/.exec(colour)![1]!);
    const [light, dark] = html.split('prefers-color-scheme: dark');
    for (const name of used) for (const part of [light, dark]) expect(part).toContain(`${name}: #`);
  }
  expect(html).not.toMatch(/\bsrc=|url\(|@import/);
});

it('runs no script but the one that its policy names', async () => {
  const { all, values } = await read({ title: 'a', summary: 'b', sections: [] });
  const [script, ...others] = all('script');
  expect(others).toEqual([]);
  const hash = createHash('sha256').update(script!.textContent).digest('base64');
  expect(values('meta[http-equiv=Content-Security-Policy]', 'content')).toEqual([
    `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`,
  ]);
});

it('sets tables with captions and scopes, numbers to the right', async () => {
  const { all, texts, values } = await read({
    title: 'a',
    summary: 'b',
    sections: [
      {
        heading: 'c',
        blocks: [
          {
            kind: 'table',
            caption: 'Accuracy by method',
            columns: ['method', 'accuracy', 'mean', 'seeds', 'run'],
            rows: [
              ['dense', 0.984333, '98.4 ± 0.1 (n = 3)', '1, 2', { text: 'page', href: 'a/b' }],
              ['7 layers', 97552, '', '3', ''],
            ],
          },
          { kind: 'table', caption: 'More', columns: ['x'], rows: [], folded: true },
        ],
      },
    ],
  });
  expect(texts('caption')).toEqual(['Accuracy by method', 'More']);
  expect(texts('details summary')).toEqual(['More']);
  expect(texts('tbody th[scope=row]')).toEqual(['dense', '7 layers']);
  expect(texts('tbody td.number')).toEqual(['0.9843', '98.4 ± 0.1 (n = 3)', '97,552', '']);
  expect(texts('thead th.number')).toEqual(['accuracy', 'mean']);
  expect(values('td a', 'href')).toEqual(['a/b']);
  // So that a keyboard can scroll what is too wide.
  expect(all('.table[tabindex="0"][aria-label]')).toHaveLength(2);
});

it('escapes every text', async () => {
  const { html, texts, values } = await read({
    title: evil,
    summary: evil,
    links: [{ text: evil, href: hrefOf(`../${evil}/report.html`) }],
    blocks: [{ kind: 'facts', facts: [{ name: evil, value: evil, beside: evil }] }],
    sections: [
      {
        heading: evil,
        blocks: [
          evil,
          { kind: 'table', caption: evil, columns: [evil, 'b'], rows: [[evil, evil]] },
          { kind: 'chart', label: evil, draw: () => Promise.resolve('<svg></svg>') },
          { kind: 'list', items: [evil, { text: evil, href: 'a' }] },
          { kind: 'command', command: evil },
        ],
      },
    ],
  });
  expect(html.match(/<script/g)).toHaveLength(1);
  for (const selector of 'title,h1,h2,header p,section p,nav a,dt,dd,caption,th,td,li,code'.split(
    ',',
  ))
    expect(texts(selector)[0]).toBe(evil);
  expect(values('nav a', 'href')).toEqual([
    '../%3Cscript%3Ealert(%221%20%26%202%22)%3C/script%3E/report.html',
  ]);
  expect(html).toContain('role="img" aria-label="&#60;script&#62;');
});

it('keeps units with their numbers, options with their values, and marks code', async () => {
  const { html, texts } = await read({
    title: 'a',
    summary: 'At 95 %, n = 3 and p < 0.001: see `winnow run <x>`.',
    sections: [
      { heading: 'b', blocks: [{ kind: 'command', command: 'winnow run --seed 1 --a b' }] },
    ],
  });
  expect(texts('header p')).toEqual([
    'At 95\u00a0%, n\u00a0=\u00a03 and p\u00a0< 0.001: see winnow run <x>.',
  ]);
  expect(texts('header code')).toEqual(['winnow run <x>']);
  expect(texts('pre span')).toEqual(['winnow run', '--seed 1', '--a b']);
  expect(texts('pre code')).toEqual(['winnow run --seed 1 --a b']);
  expect(html).toContain('<code>winnow run &#60;x&#62;</code>');
});

it('spells out control characters', async () => {
  const { html } = await read({
    title: 'x\x1b[31m',
    summary: 'd\u202e"</title><b>',
    sections: [
      {
        heading: 'a\0',
        blocks: [{ kind: 'table', caption: 'e\x07', columns: ['b\r'], rows: [['c\x9b']] }],
      },
    ],
  });
  expect(html).toContain('<title>x\\x1b[31m</title>');
  expect(html).toContain('<p>d\\u202e&#34;&#60;/title&#62;&#60;b&#62;</p>');
  expect(html).not.toMatch(/[^\P{Cc}\t\n]|\u202e/u);
});
