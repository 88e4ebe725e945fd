import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
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

const rounds = async (live: LiveRuns) => {
  for (let round = 0; round < 8; round++) await live.look();
};

it('finds new runs, and forgets those whose folders have gone, done ones too', async () => {
  await make('deep/a', 1);
  const [b, done] = [await make('deep/b', 2), await make('done', 5, [0.5, 0.4])];
  const live = await LiveRuns.at([root]);
  for (const { path } of [b, done]) await rm(path, { recursive: true });
  await make('deep/c', 3);
  await make('d', 4);
  await make('deep/er/e', 6);
  await rounds(live);
  expect(seen(live).map(([name]) => name)).toEqual(['d', 'deep/a', 'deep/c', 'deep/er/e']);
});

it('goes on beside a file that is no run’s, and by what was given alone', async () => {
  await make('given', 1);
  await make('other/a', 2);
  const live = await LiveRuns.at([join(root, 'given'), join(root, 'other')]);
  await make('beside', 3);
  await mkdir(join(root, 'other/foreign'));
  await writeFile(join(root, 'other/foreign/config.json'), '[');
  await make('other/b', 4);
  await rounds(live);
  expect(seen(live).map(([name]) => name)).toEqual(['given', 'other/a', 'other/b']);
});

it('sees another run that is made where one was', async () => {
  const { path } = await make('a', 1, [0.5, 0.4]);
  const live = await LiveRuns.at([path]);
  await rm(path, { recursive: true });
  await make('a', 2);
  await live.look();
  expect(live.views()).toMatchObject([{ state: 'new', config: { seed: 2 } }]);
  await rm(path, { recursive: true });
  await live.look();
  expect(live.views()).toEqual([]);
  await make('a', 3, [0.5, 0.4]);
  await rounds(live);
  expect(live.views()).toMatchObject([{ state: 'done', config: { seed: 3 } }]);
});
