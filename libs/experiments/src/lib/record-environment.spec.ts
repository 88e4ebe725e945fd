import { beforeAll, expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { recordEnvironment, recordRoads } from './record-environment.ts';
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
    { backend: 'cpu', ...before, searchRoad: 'ops' },
    { backend: 'cpu', ...now, searchRoad: 'ops', trainingRoad: 'ops', evaluationRoad: 'ops' },
  ]);
  expect(result!.roads).toEqual({
    train: { by: 'ops', why: 'backend' },
    evaluate: { by: 'ops', why: 'backend' },
    search: { by: 'ops', why: 'backend' },
  });
  // Nothing is computed any more.
  expect(await told(before, 1)).toEqual([]);
  expect(await folder.readEnvironments()).toHaveLength(2);
});

it('tells that a run is gone on with by another road', async () => {
  const folder = new RunFolder(memoryRunStore());
  const { config } = await planWith({});
  await folder.claim(config);
  await recordEnvironment(config, folder);
  const ops = { by: 'ops', why: 'backend' } as const;
  const program = { by: 'program' } as const;
  // The first time they are of what is there already.
  expect(await recordRoads({ train: program, evaluate: program }, 'train', folder)).toBeUndefined();
  expect(await recordEnvironment(config, folder)).toBeUndefined();
  expect(await recordRoads({ train: program, evaluate: program }, 'train', folder)).toBeUndefined();
  expect(await recordRoads({ train: ops, evaluate: program }, 'train', folder)).toEqual({
    type: 'environment',
    changes: [{ name: 'trainingRoad', before: 'program', now: 'ops' }],
  });
  expect(await folder.readEnvironments()).toEqual([
    { backend: 'cpu', trainingRoad: 'program', evaluationRoad: 'program' },
    { backend: 'cpu', trainingRoad: 'ops', evaluationRoad: 'program' },
  ]);
});

it('tells that a search is gone on with by another road, apart from what follows it', async () => {
  const folder = new RunFolder(memoryRunStore());
  const { config } = await planWith({});
  await folder.claim(config);
  await recordEnvironment(config, folder);
  const ops = { by: 'ops', why: 'activations' } as const;
  const program = { by: 'program' } as const;
  expect(await recordRoads({ search: ops }, 'search', folder)).toBeUndefined();
  expect(await recordEnvironment(config, folder)).toBeUndefined();
  expect(await recordRoads({ search: program }, 'search', folder)).toEqual({
    type: 'environment',
    changes: [{ name: 'searchRoad', before: 'ops', now: 'program' }],
  });
  expect(await recordRoads({ train: ops, evaluate: ops }, 'train', folder)).toBeUndefined();
  expect(await folder.readEnvironments()).toEqual([
    { backend: 'cpu', searchRoad: 'ops' },
    { backend: 'cpu', searchRoad: 'program', trainingRoad: 'ops', evaluationRoad: 'ops' },
  ]);
});

it('does not take the roads for known where they were not recorded before the training', async () => {
  const folder = new RunFolder(memoryRunStore());
  const { config } = await planWith({});
  await folder.claim(config);
  await recordEnvironment(config, folder);
  await folder.writeTimings({ ...(await folder.readTimings()), train: 1 });
  const ops = { by: 'ops', why: 'backend' } as const;
  expect(await recordRoads({ train: ops, evaluate: ops }, 'train', folder)).toMatchObject({
    changes: [
      { name: 'trainingRoad', before: 'none', now: 'ops' },
      { name: 'evaluationRoad', before: 'none', now: 'ops' },
    ],
  });
});
