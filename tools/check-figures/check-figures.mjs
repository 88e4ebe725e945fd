// Draws a run, and asks Poppler and LaTeX what they make of the figure: its size, its font, its texts, and a page that it is
// set into.
//   node tools/check-figures/check-figures.mjs
// It needs `pdfinfo`, `pdffonts`, `pdftotext` and `pdflatex`. Ends with 1 where something is amiss.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { winnow } from '../check-runs/winnow.mjs';

const RUN = 'run --dataset digits --model lenet --method cts --density 0.1 --epochs 2'.split(' ');
/** Of one column and of two, in millimetres. */
const WIDTHS = { 1: 85, 2: 178 };
const place = mkdtempSync(join(tmpdir(), 'winnow-figures-'));
const told = (program, ...args) => execFileSync(program, args, { cwd: place, encoding: 'utf8' });

try {
  const runs = join(place, 'runs');
  for (const seed of ['1', '2']) {
    const { status } = await winnow([...RUN, '--seed', seed, '--out', join(runs, seed)]).ended;
    assert.equal(status, 0);
  }
  for (const [kind, label] of Object.entries({
    accuracy: 'Test accuracy (%)',
    layers: 'Weights kept (%)',
    search: 'λ',
    learning: 'Training loss',
    cost: 'Minutes to find the ticket',
  })) {
    for (const [columns, width] of Object.entries(WIDTHS)) {
      const name = `${kind}-${columns}.pdf`;
      const figure = ['figure', kind, runs, '--columns', columns, '--out', join(place, name)];
      assert.equal((await winnow(figure).ended).status, 0);
      const [, points] = /Page size: +([\d.]+) x/.exec(told('pdfinfo', name));
      assert.ok(Math.abs((points * 25.4) / 72 - width) < 0.1, `${name} is ${points} points wide.`);
      const [font, ...others] = told('pdffonts', name).trim().split('\n').slice(2);
      assert.match(font, /Arimo-Regular +CID TrueType +Identity-H +yes yes yes/);
      assert.deepEqual(others, []);
      assert.ok(told('pdftotext', name, '-').includes(label), `${name} has no “${label}”.`);
    }
  }
  writeFileSync(
    join(place, 'page.tex'),
    String.raw`\documentclass[twocolumn]{article}
\usepackage[margin=14mm,columnsep=8mm,a4paper]{geometry}
\usepackage{graphicx}
\begin{document}
\begin{figure}\includegraphics{accuracy-1.pdf}\end{figure}
\begin{figure*}\includegraphics{search-2.pdf}\end{figure*}
\end{document}
`,
  );
  assert.doesNotMatch(told('pdflatex', '-interaction=nonstopmode', 'page.tex'), /Warn|Overfull/);
  console.log('Five kinds in two widths are as they should be, and fit a page of two columns.');
} finally {
  rmSync(place, { recursive: true });
}
