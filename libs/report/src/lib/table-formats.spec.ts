import { expect, it } from '@jest/globals';
import { latexTable } from './latex-table.ts';
import { markdownTable } from './markdown-table.ts';
import { plainTable } from './plain-table.ts';

const TABLE = {
  columns: ['method', 'density', 'test accuracy (%)'],
  rows: [
    ['cts', '0.0073787', '70.48 ± 1.20'],
    ['my_cts|50%', '0.2', '-1.00'],
    ['snip', '', ''],
  ],
};

it('sets a table for a terminal, numbers to the right', () => {
  expect(plainTable(TABLE)).toBe(
    [
      'method        density  test accuracy (%)',
      'cts         0.0073787       70.48 ± 1.20',
      'my_cts|50%        0.2              -1.00',
      'snip',
      '',
    ].join('\n'),
  );
});

it('sets a table in Markdown, in which nothing is more than text', () => {
  expect(markdownTable(TABLE)).toBe(
    [
      '| method       |   density | test accuracy (%) |',
      '| ------------ | --------: | ----------------: |',
      '| cts          | 0.0073787 |      70.48 ± 1.20 |',
      '| my\\_cts\\|50% |       0.2 |             -1.00 |',
      '| snip         |           |                   |',
      '',
    ].join('\n'),
  );
  const html = { columns: ['<b>'], rows: [['a\nb <img src=x> `c`']] };
  expect(markdownTable(html)).toBe(
    '| \\<b\\>                     |\n| ------------------------- |\n| a\\\\nb \\<img src=x\\> \\`c\\` |\n',
  );
});

it('sets a table in LaTeX by the rules of booktabs', () => {
  expect(latexTable(TABLE)).toBe(String.raw`\begin{tabular}{lrr}
\toprule
method & density & test accuracy (\%) \\
\midrule
cts & 0.0073787 & 70.48 $\pm$ 1.20 \\
my\_cts\textbar{}50\% & 0.2 & $-$1.00 \\
snip &  &  \\
\bottomrule
\end{tabular}
`);
  const every = { columns: ['x'], rows: [['[1] \\ ~ ^ & $ # { } a-1 -1 to -2']] };
  expect(latexTable(every).split('\n')[4]).toBe(
    String.raw`{[}1] \textbackslash{} \textasciitilde{} \textasciicircum{} \& \$ \# \{ \} a-1 $-$1 to $-$2 \\`,
  );
});
