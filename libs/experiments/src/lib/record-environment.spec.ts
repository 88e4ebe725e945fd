import { beforeAll, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

const planWith = (versions: Readonly<Record<string, string>>) =>
  planToy({ options: { searchEpochs: 1 }, versions });

it('tells once that a run is gone on with by something else, and has all of it in the result', async () => {
  const folder = new RunFolder(memoryRunStore());
  const [before, now] = [
    { winnow: '1', node: '20' },
    { winnow: '1', node: '22' },
  ];
  const told = async (versions: typeof now, stopAfter: number) =>
    (await attemptToy(await planWith(versions), folder, { stopAfter })).events.filter(
      ({ type }) => type === 'environment',
    );
  expect(await told(before, 2)).toEqual([]);
  expect(await told(before, 1)).toEqual([]);
  expect(await told(now, 1)).toEqual([
    { type: 'environment', changes: [{ name: 'node', before: '20', now: '22' }] },
  ]);
  expect(await told(now, 1)).toEqual([]);
  const { result } = await attemptToy(await planWith(now), folder);
  expect(result!.environments).toEqual([
    { backend: 'cpu', ...before },
    { backend: 'cpu', ...now },
  ]);
  // Nothing is computed any more.
  expect(await told(before, 1)).toEqual([]);
  expect(await folder.readEnvironments()).toHaveLength(2);
});
