import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { CurvesPanel } from '@winnow/report/figures';
import { makeRun } from '../testing/made-run.ts';
import { runFigure } from './run-figure.ts';

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
      const step = { phase: 'search', step: 1, epoch: 0, density: 0.3, targetDensity };
      const lines = [{ format: 2, run: await folder.identity() }, step];
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await folder.store.write('metrics.jsonl', text);
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
