import { expect, it } from '@jest/globals';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import { sharedFiles } from './shared-files.ts';

const run = (seed: number, own: object) => ({
  folder: new RunFolder(`seed${seed}`),
  config: { density: 0.1, seed, method: { name: 'cts' }, ...own } as unknown as RunConfig,
});
const notesOf = (...replicates: ReturnType<typeof run>[]) =>
  sharedFiles([{ density: 0.1, replicates }]);

it('says which seeds have the same start weights or ticket', () => {
  const startWeights = { path: 'a.pt', hash: 'a' };
  const given = { method: { name: 'given', checksum: 'b' } };
  expect(
    notesOf(
      run(1, { startWeights, ...given }),
      run(2, { startWeights, ...given }),
      run(3, { startWeights: { path: 'c.pt', hash: 'c' }, ...given }),
    ),
  ).toEqual([
    'At density 0.1 seeds 1, 2, 3 have the same ticket: how far others would differ, these do not tell.',
    'At density 0.1 seeds 1, 2 have the same start weights: how far others would differ, these do not tell.',
  ]);
});

it('says nothing of seeds that have their own, nor of files that leave something to them', () => {
  const method = { name: 'of-a-plugin', checksum: 'a' };
  expect(notesOf(run(1, {}), run(2, {}), run(3, {}))).toEqual([]);
  expect(notesOf(run(1, { method }), run(2, { method }))).toEqual([]);
  const weights = (hash: string) => ({ startWeights: { path: 'a.pt', hash } });
  expect(notesOf(run(1, weights('a')), run(2, weights('b')))).toEqual([]);
});
