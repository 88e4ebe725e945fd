import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { RunFolder } from '@winnow/experiments';
import type { CurvesPanel } from '@winnow/report/figures';
import { makeRun } from '../testing/made-run.ts';
import { runFigure } from './run-figure.ts';

/** Gives a run these steps, and no others. */
async function note(folder: RunFolder, steps: readonly object[]) {
  const lines = [{ format: 2, run: await folder.identity() }, ...steps];
  await folder.store.write(
    'metrics.jsonl',
    lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  );
}

it('training from a rewind point goes on at its step, beside the dense network', async () => {
  const root = await mkdtemp(join(tmpdir(), 'winnow-curves-'));
  /** Two steps an epoch, from this one on. */
  const trained = (from: number) =>
    [1, 2, 3].map((step) => {
      const epoch = from + Math.floor((step - 1) / 2);
      return { phase: 'train', step, epoch, loss: 6 / step };
    });
  const own = { root, density: 0.1, seed: 1, accuracies: [0.5, 0.5] } as const;
  await note(await makeRun({ ...own, name: 'dense', method: 'dense' }), trained(0));
  await note(await makeRun({ ...own, name: 'snip', method: 'snip' }), trained(9));
  const { panels } = await runFigure([root], { kind: 'learning' });
  const curves = (panels as CurvesPanel[])[0]!.curves.map(({ series, points }) => [
    series,
    points.map(({ x, value }) => [x, value]),
  ]);
  expect(Object.fromEntries(curves)).toEqual({
    dense: [
      [1, 6],
      [2, 3],
      [3, 2],
    ],
    snip: [
      [19, 6],
      [20, 3],
      [21, 2],
    ],
  });
  await rm(root, { recursive: true });
});

it('a figure of searches has the target of every series, of hidden ones none', async () => {
  const root = await mkdtemp(join(tmpdir(), 'winnow-curves-'));
  for (const [balance, targetDensity] of [
    ['gradbalance', 0.11],
    ['lagrange', 0.1],
  ] as const)
    for (const seed of [1, 2]) {
      const own = { method: 'cts', objective: 'kl', density: 0.1, seed, options: { balance } };
      const name = `${balance}-${seed}`;
      const folder = await makeRun({ root, name, ...own, accuracies: [0.5, 0.5] });
      await note(folder, [{ phase: 'search', step: 1, epoch: 0, density: 0.3, targetDensity }]);
    }
  const targets = async (hide: readonly string[]) => {
    const { panels } = await runFigure([root], { kind: 'search', style: { hide: [...hide] } });
    return (panels as CurvesPanel[])[0]!.targets;
  };
  const own = { series: 'cts (kl, gradbalance)', value: 0.11 };
  const other = { series: 'cts (kl, lagrange)', value: 0.1 };
  expect(await targets([])).toEqual([own, other]);
  expect(await targets([own.series])).toEqual([other]);
  await rm(root, { recursive: true });
});
