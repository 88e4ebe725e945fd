#!/usr/bin/env node
// Prints the tables of docs/results.md from the rows of any length of search, the authors' numbers and the timed steps.
import { readFileSync } from 'node:fs';
import { groupBy } from '@winnow/report';
import { ROUNDS, machines, minutesOf, resultsOf, searchEpochs } from './minutes-alone.mjs';

/** Of machines. */
const MARKS = ['', ' †', ' ‡'];
const NAMES = {
  'cts kl': 'CTS-KL',
  'cts loss': 'CTS-loss',
  ltr: 'LTR',
  snip: 'SNIP',
  grasp: 'GraSP',
  synflow: 'SynFlow',
};

const [authorsHead, ...authorsRows] = readFileSync(new URL('authors.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const authors = authorsRows.map((line) =>
  Object.fromEntries(line.split(',').map((cell, i) => [authorsHead.split(',')[i], cell])),
);

/** What rows of one line are alike in. */
const ALIKE = [
  ...['method', 'objective', 'density', 'start', 'recipe', 'batchSize', 'method.duration'],
  ...['method.searchEpochs', 'method.roundEpochs', 'method.sparsityControl'],
];
const key = (row) => JSON.stringify(ALIKE.map((setting) => row[setting] ?? null));
const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;

function theirs({ method, objective, start, density, ...row }) {
  // Theirs trains to the end in each round.
  if (method === 'ltr' && row['method.roundEpochs'] != null) return '–';
  const duration = method === 'cts' ? (row['method.duration'] ?? '') : '';
  const found = authors.find(
    (one) =>
      one.method === method &&
      (one.objective || undefined) ===
        (objective === 'kl' ? 'forward-kl' : (objective ?? undefined)) &&
      one.start === start &&
      (method !== 'cts' || one.duration === duration) &&
      Math.abs(one.densityPercent - 100 * density) < 1e-3 * one.densityPercent,
  );
  return found ? `${Number(found.mean).toFixed(1)}` : '–';
}

/** Of a search, or of each of its rounds. */
function lengthOf(row) {
  if (row.method === 'cts') return searchEpochs(row);
  if (row.method !== 'ltr') return '–';
  return `${ROUNDS} × ${row['method.roundEpochs'] ?? row.epochs - row.rewindEpochs}`;
}

function lineOf(rows) {
  const [first] = rows;
  const name = [first.method, first.objective].filter(Boolean).join(' ');
  const accuracy = means.get(key(first));
  const [middle, high] = ['mean', 'high'].map((of) => accuracy[`testAccuracy.${of}`]);
  // On the first machine that some seed's ticket was timed on, of the seeds of which that is so.
  const timed = machines.map((machine) =>
    rows.map((row) => minutesOf(row, machine)).filter((all) => Number.isFinite(all.at(-1))),
  );
  const machine = timed.findIndex((shown) => shown.length > 0);
  const at = (phase) =>
    mean((timed[machine] ?? []).map((all) => all[phase]).filter((value) => Number.isFinite(value)));
  const text = (value) => {
    if (!Number.isFinite(value)) return '–';
    return `${value < 0.05 ? value.toFixed(2) : value.toFixed(1)}${MARKS[machine]}`;
  };
  return [
    NAMES[name] ?? name,
    lengthOf(first),
    first.start,
    rows.length,
    (100 * middle).toFixed(1),
    high === null ? '–' : `± ${(100 * (high - middle)).toFixed(1)}`,
    theirs(first),
    ...[0, 1, 2].map((phase) => text(at(phase))),
    [...new Set(rows.map((row) => row['version.commit'].slice(0, 7)))].join(', '),
  ];
}

const HEAD = [
  ...['method', 'epochs of search', 'start', 'n', 'test accuracy (%)', '95 %', 'theirs'],
  ...['pre-training (min)', 'search (min)', 'training (min)', 'commit'],
];
const markdown = (cells) => `| ${cells.join(' | ')} |`;

/** What is set side by side; a row may stand in several. */
const near = (density) => (row) => Math.abs(row.density - density) < 1e-3 * density;
const isShort = (row) =>
  row.method === 'cts'
    ? searchEpochs(row) === 20
    : row.method !== 'ltr' || row['method.roundEpochs'] === 2;
const isSearched = (row) =>
  (row.method === 'cts' && row.objective === 'kl') || row.method === 'ltr';
const TABLES = [
  ['0.74 %', (row) => near(0.0073787)(row) && isShort(row)],
  ['1.8 %', (row) => near(0.0180144)(row) && isShort(row)],
  ['4.4 %', (row) => near(0.0439805)(row) && isShort(row)],
  ['Dense', (row) => row.method === 'dense'],
  ['By the length of the search', (row) => near(0.0073787)(row) && isSearched(row)],
];
const rows = resultsOf();
const known = ALIKE.filter((setting) => rows.some((row) => setting in row));
const groups = ['--means', '--figure', 'testAccuracy', '--group-by', known.join(',')];
const means = new Map(resultsOf(...groups).map((group) => [key(group), group]));
for (const [title, belongs] of TABLES) {
  const lines = [...groupBy(rows.filter(belongs), key).values()].map(lineOf);
  if (lines.length === 0) continue;
  console.log(`\n${title}\n`);
  console.log(markdown(HEAD));
  console.log(markdown(HEAD.map((_, i) => (i === 0 || i === 2 ? '---' : '---:'))));
  for (const line of lines.sort((a, b) => b[4] - a[4])) console.log(markdown(line));
}

for (const [i, { processor, threads, instructions }] of machines.entries())
  console.log(`\n${MARKS[i]} ${processor}, ${threads} threads, ${instructions}`);
