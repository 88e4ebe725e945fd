import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { makeRun } from '../testing/made-run.ts';
import { LiveRuns } from './live-runs.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-live-'));
});
afterEach(() => rm(root, { recursive: true }));

const make = (name: string, seed: number, accuracies?: [number, number]) =>
  makeRun({ root, name, seed, method: 'snip', density: 0.1, ...(accuracies && { accuracies }) });
const seen = (live: LiveRuns) =>
  live.views().map(({ folder, state }) => [folder.slice(root.length + 1), state]);

it('shows runs as they begin, go on, fail and end', async () => {
  await make('a', 1, [0.5, 0.4]);
  const [b, c] = [await make('b', 2), await make('c', 3)];
  const live = await LiveRuns.at([root]);
  expect(seen(live)).toEqual([
    ['a', 'done'],
    ['b', 'new'],
    ['c', 'new'],
  ]);
  expect(await live.look()).toBe(false);

  await b.hold(async (held) => {
    await held.writeTimings({ pretrain: 30, search: 0, train: 60, evaluate: 0 });
    await held.writeProgress({ phase: 'train', step: 40, steps: 100, epoch: 3, epochs: 8 });
    await appendFile(b.metrics, '{"phase":"train","step":40,"epoch":3,"loss":0.5}\n');
    expect(await live.look()).toBe(true);
    // 40 of 100 steps took a minute.
    expect(live.views()[1]).toMatchObject({
      ...{ state: 'running', minutes: 1.5, minutesLeft: 1.5 },
      progress: { phase: 'train', epoch: 3, epochs: 8 },
      rows: [{ loss: 0.5 }],
    });
  });
  const failure = { reason: 'Memory ran out.', log: ['last words'], at: '2026-01-01T00:00:00Z' };
  await c.writeBeside('failure.json', failure);
  await live.look();
  expect(seen(live).slice(1)).toEqual([
    ['b', 'new'],
    ['c', 'failed'],
  ]);
  expect(live.views()[2]!.failure).toMatchObject(failure);
});

it('waits for a folder to come', async () => {
  const live = await LiveRuns.at([], [join(root, 'later')]);
  expect([live.views(), await live.look()]).toEqual([[], false]);
  await make('later/a', 1);
  expect(await live.look()).toBe(true);
  expect(seen(live).map(([name]) => name)).toEqual(['later/a']);
});

it('finds new runs, and minds neither damaged ones nor folders that go away', async () => {
  await make('deep/a', 1);
  const gone = await make('deep/b', 2);
  const live = await LiveRuns.at([root]);
  await rm(gone.path, { recursive: true });
  await make('deep/c', 3);
  await make('d', 4);
  for (let round = 0; round < 10; round++) await live.look();
  expect(seen(live).map(([name]) => name)).toEqual(['d', 'deep/a', 'deep/b', 'deep/c']);
});
