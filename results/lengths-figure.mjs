#!/usr/bin/env node
// Draws the accuracy of seed 1 at 0.74 % against the minutes of the search, by steps that were timed alone, into the PNG given.
import { writeFileSync } from 'node:fs';
import { levelLook, lookOf, paintFigure } from '@winnow/report/figures';
import { machines, minutesOf, resultsOf } from './minutes-alone.mjs';

const SEARCHED = {
  'CTS-KL': (row) => row.method === 'cts' && row.objective === 'kl',
  LTR: (row) => row.method === 'ltr',
  'CTS-loss': (row) => row.method === 'cts' && row.objective === 'loss',
};
const LEVELS = {
  magnitude: (row) => row.method === 'magnitude',
};

const rows = resultsOf('--where', 'density=0.0073787', '--where', 'seed=1');
const sampleOf = (row) => ({
  seed: row.seed,
  x: minutesOf(row, machines[0])[1],
  value: row.testAccuracy,
});
const groupOf = (series, sample) => ({
  ...{ series, x: sample.x, mean: sample.value, interval: null, samples: [sample] },
});
const groups = Object.entries(SEARCHED).flatMap(([series, belongs]) =>
  rows
    .filter(belongs)
    .map((row) => groupOf(series, sampleOf(row)))
    .sort((a, b) => a.x - b.x),
);
const levels = Object.entries(LEVELS).map(([series, belongs]) =>
  groupOf(series, sampleOf(rows.find(belongs))),
);

const figure = {
  about: 'Test accuracy against the minutes of the search',
  panels: [
    {
      ...{ kind: 'points', name: '0.74 %', groups, levels, exactX: true },
      x: { label: 'Minutes of search', column: 'searchMinutes', unit: 'number', scale: 'log' },
      y: {
        ...{ label: 'Test accuracy (%)', column: 'testAccuracy', unit: 'percent' },
        scale: 'linear',
      },
    },
  ],
  looks: [...Object.keys(SEARCHED).map(lookOf), ...Object.keys(LEVELS).map((one) => levelLook(one))],
};
writeFileSync(process.argv[2], await paintFigure(figure, { columns: 1 }, 'png'));
