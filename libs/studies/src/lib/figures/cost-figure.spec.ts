import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { PointsPanel } from '@winnow/report/figures';
import { makeRun } from '../testing/made-run.ts';
import { parseFilter } from '../tidy/run-filter.ts';
import { runFigure } from './run-figure.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-cost-'));
  const lengths = [
    [40, 1, 16, 0.7],
    [20, 1, 8, 0.6],
    [20, 2, 10, 0.62],
    [5, 1, 2, 0.5],
  ] as const;
  for (const [searchEpochs, seed, search, accuracy] of lengths)
    await makeRun({
      ...{
        root,
        name: `cts-${searchEpochs}-${seed}`,
        method: 'cts',
        objective: 'kl',
        density: 0.1,
      },
      ...{ options: { searchEpochs }, seed, search, accuracies: [accuracy, accuracy] },
    });
  await makeRun({ root, method: 'snip', density: 0.1, seed: 1, search: 1, accuracies: [0.4, 0.4] });
});
afterAll(() => rm(root, { recursive: true }));

it('joins searches of several lengths that a style calls by one name, from the cheapest on', async () => {
  const name = 'CTS-KL';
  const series = Object.fromEntries(
    [5, 20, 40].map((n) => [`cts (kl, search epochs ${n})`, { name }]),
  );
  const figure = await runFigure([root], { kind: 'cost', style: { series } });
  const [panel] = figure.panels as [PointsPanel];
  expect(panel.groups.map(({ series, x, samples }) => [series, x, samples.length])).toEqual([
    ['cts (kl, search epochs 5)', 2, 1],
    ['cts (kl, search epochs 5)', 9, 2],
    ['cts (kl, search epochs 5)', 16, 1],
    ['snip', 1, 1],
  ]);
  expect(panel.groups[1]!.mean).toBeCloseTo(0.61, 12);
  expect(figure.looks.map((look) => look.name)).toEqual([name, 'snip', 'chance']);
  expect(figure.notes).toEqual([]);
});

it('keeps objectives that a style calls by one name apart', async () => {
  await makeRun({
    ...{ root: join(root, 'both'), method: 'cts', objective: 'loss', density: 0.1, seed: 1 },
    ...{ options: { searchEpochs: 5 }, search: 4, accuracies: [0.45, 0.45] },
  });
  const series = { 'cts (kl)': { name: 'CTS' }, 'cts (loss)': { name: 'CTS' } };
  const where = [parseFilter('method=cts'), parseFilter('method.searchEpochs=5')];
  const [panel] = (await runFigure([root], { kind: 'cost', where, style: { series } })).panels as [
    PointsPanel,
  ];
  expect(panel.groups.map(({ x, mean }) => [x, mean])).toEqual([
    [2, 0.5],
    [4, 0.45],
  ]);
});
