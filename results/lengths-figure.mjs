#!/usr/bin/env node
// Draws the accuracy of seed 1 at 0.74 % against the minutes of the search, by steps that were timed alone, into the PNG given.
import { writeFileSync } from 'node:fs';
import { levelLook, lookOf, paintFigure } from '@winnow/report/figures';
import { machines, minutesOf, resultsOf } from './minutes-alone.mjs';

const SERIES = {
  'CTS-KL': ({ method, objective }) => method === 'cts' && objective === 'kl',
  LTR: ({ method }) => method === 'ltr',
  'CTS-loss': ({ method, objective }) => method === 'cts' && objective === 'loss',
};
/** A search of no steps, to compare with. */
const LEVEL = 'magnitude';

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('Name the PNG to write.');
const rows = resultsOf(
  ...['density=0.0073787', 'seed=1', 'start=rewind'].flatMap((one) => ['--where', one]),
);
const groupOf = (series, row) => {
  const [, x] = minutesOf(row, machines[0]);
  if (!Number.isFinite(x)) throw new Error(`${row.folder} is not timed: run time-steps.mjs first.`);
  const { seed, testAccuracy: value } = row;
  return { series, x, mean: value, interval: null, samples: [{ seed, x, value }] };
};
const groups = Object.entries(SERIES).flatMap(([series, belongs]) =>
  rows
    .filter(belongs)
    .map((row) => groupOf(series, row))
    .sort((a, b) => a.x - b.x),
);
const level = groupOf(
  LEVEL,
  rows.find(({ method }) => method === LEVEL),
);
const x = { label: 'Minutes of search', column: 'searchMinutes', unit: 'number', scale: 'log' };
const y = { label: 'Test accuracy (%)', column: 'testAccuracy', unit: 'percent', scale: 'linear' };
const panel = { kind: 'points', name: '0.74 %', x, y, groups, levels: [level], exactX: true };
const figure = {
  about: 'Test accuracy against the minutes of the search',
  panels: [panel],
  looks: [...Object.keys(SERIES).map(lookOf), levelLook(LEVEL)],
};
writeFileSync(out, await paintFigure(figure, { columns: 1 }, 'png'));
