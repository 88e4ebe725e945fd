import { expect, it } from '@jest/globals';
import { parseHTML } from 'linkedom';
import { htmlReport } from './html-report.ts';

const evil = `<script>alert("1 & 2")</script>`;

it('lays out sections and fetches nothing', () => {
  const html = htmlReport({
    title: 'Tickets',
    summary: 'One.\n\nTwo.',
    sections: [
      {
        heading: 'Accuracy',
        svg: '<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>',
        table: {
          columns: ['method', 'accuracy', 'kept'],
          rows: [
            ['dense', 0.984333, 97552],
            ['cts', 0.89, 243],
          ],
        },
        command: 'winnow run',
      },
      { heading: 'Notes', text: 'None.' },
    ],
  });
  const { document } = parseHTML(html);
  const texts = (selector: string) =>
    [...document.querySelectorAll(selector)].map((element) => element.textContent);
  expect(texts('header p')).toEqual(['One.', 'Two.']);
  expect(texts('h2')).toEqual(['Accuracy', 'Notes']);
  expect(texts('td')).toEqual(['dense', '0.9843', '97,552', 'cts', '0.89', '243']);
  expect(texts('th.number')).toEqual(['accuracy', 'kept']);
  expect(texts('code')).toEqual(['winnow run']);
  expect(document.querySelectorAll('figure > svg rect')).toHaveLength(1);
  expect(html).not.toMatch(/\b(?:src|href)=|url\(|@import/);
});

it('escapes every text', () => {
  const html = htmlReport({
    title: evil,
    summary: evil,
    sections: [
      { heading: evil, text: evil, table: { columns: [evil], rows: [[evil]] }, command: evil },
    ],
  });
  const { document } = parseHTML(html);
  expect(html).not.toContain('<script');
  for (const selector of ['title', 'h1', 'h2', 'header p', 'section p', 'th', 'td', 'code']) {
    expect(document.querySelector(selector)?.textContent).toBe(evil);
  }
});

it('spells out control characters', () => {
  const html = htmlReport({
    title: 'x\x1b[31m',
    summary: 'd\u202e"</title><b>',
    sections: [{ heading: 'a\0', table: { columns: ['b\r'], rows: [['c\x9b']] } }],
  });
  expect(html).toContain('<title>x\\x1b[31m</title>');
  expect(html).toContain('<p>d\\u202e&#34;&#60;/title&#62;&#60;b&#62;</p>');
  expect(html).not.toMatch(/[^\P{Cc}\t\n]|\u202e/u);
});
