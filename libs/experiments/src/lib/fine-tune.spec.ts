import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HostTensor } from '@winnow/files';
import { writeSafetensors } from '@winnow/files/disk';
import { cpu } from '@winnow/tensor-backend';
import type { RunRequest } from './plan-run.ts';
import { RunFolder } from './run-folder.ts';
import { startIdentity } from './shared-work.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { attemptToy, planToy } from './testing/toy-run.ts';

let dir: string;
beforeAll(async () => {
  await cpu.start();
  dir = await mkdtemp(join(tmpdir(), 'winnow-fine-tune-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** The toy's parameters as PyTorch may have saved them, in float64 behind the prefix of a wrapper. */
async function trainedElsewhere(name: string, factor = 1): Promise<string> {
  const path = join(dir, name);
  const tensor = (...shape: number[]): HostTensor => ({
    shape,
    data: Float64Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => {
      return (factor * ((i % 7) - 3)) / 4;
    }),
  });
  await writeSafetensors(path, [
    ['module.hidden.weight', tensor(8, 4)],
    ['module.hidden.bias', tensor(8)],
    ['module.head.weight', tensor(2, 8)],
    ['module.head.bias', tensor(2)],
    ['module.norm.num_batches_tracked', { shape: [], data: BigInt64Array.of(7n) }],
  ]);
  return path;
}

const fineTuneOf = async (request: Partial<RunRequest>) =>
  (await planToy({ start: 'rewind', epochs: 40, ...request })).config.fineTune;

describe('fine-tuning', () => {
  it('takes a tenth of the epochs at the last rate of the recipe, or what is given', async () => {
    expect(await fineTuneOf({})).toBeUndefined();
    const usual = { epochs: 4, learningRate: 0.1, schedule: 'constant' };
    expect(await fineTuneOf({ fineTune: true })).toEqual(usual);
    expect(await fineTuneOf({ fineTune: true, epochs: 2 })).toEqual({ ...usual, epochs: 1 });
    const own = { fineTuneEpochs: 3, fineTuneLearningRate: 0.5, fineTuneSchedule: 'linear' };
    expect(await fineTuneOf({ fineTune: true, ...own } as Partial<RunRequest>)).toEqual({
      epochs: 3,
      learningRate: 0.5,
      schedule: 'linear',
    });
  });

  it.each<[what: string, request: Partial<RunRequest>]>([
    ['a part of it alone', { fineTuneEpochs: 3 }],
    ['fresh weights', { fineTune: true, start: 'init' }],
    ['a dense network from its initialisation', { fineTune: true, method: 'dense', density: 1 }],
    ['no epochs', { fineTune: true, fineTuneEpochs: 0 }],
    ['a rewind point beyond the end', { fineTune: true, rewindEpochs: 41 }],
    ['rounds without an epoch', { fineTune: true, rewindEpochs: 40, method: 'ltr' }],
    ['a rewind point at the end of what trains on from it', { rewindEpochs: 40 }],
  ])('refuses %s', async (_, request) => {
    await expect(fineTuneOf(request)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });

  it('takes rounds from the end of training on where these have epochs of their own', async () => {
    const rounds = { method: 'ltr', options: { roundEpochs: 1 } };
    const tuned = await fineTuneOf({ fineTune: true, rewindEpochs: 40, ...rounds });
    expect(tuned).toMatchObject({ epochs: 4 });
  });

  it('is of what comes after the ticket: another run, of the same start', async () => {
    const [plain, tuned] = await Promise.all(
      [false, true].map((fineTune) => planToy({ start: 'rewind', fineTune })),
    );
    expect(startIdentity(tuned!.config)).toBe(startIdentity(plain!.config));
    expect(tuned!.name).not.toBe(plain!.name);
  });

  it.each([
    // Of the toy's four steps an epoch, eight in all.
    ['constant', [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]],
    ['linear', [0.5, 0.4375, 0.375, 0.3125, 0.25, 0.1875, 0.125, 0.0625]],
  ] as const)(
    'trains the ticket by a %s rate, once the dense network was',
    async (schedule, rates) => {
      const plan = await planToy({
        ...{ method: 'magnitude', start: 'rewind', epochs: 3, rewindEpochs: 3 },
        ...{ fineTune: true, fineTuneEpochs: 2, fineTuneLearningRate: 0.5 },
        fineTuneSchedule: schedule,
      });
      const folder = new RunFolder(memoryRunStore());
      const { result } = await attemptToy(plan, folder);
      const rows = await folder.readMetrics();
      const of = (phase: string) => rows.filter((row) => row.phase === phase);
      expect(of('pretrain').map(({ learningRate }) => learningRate)).toEqual(Array(12).fill(0.1));
      expect(of('train').map(({ learningRate }) => learningRate)).toEqual(rates);
      expect(result!.fineTune).toEqual({ epochs: 2, learningRate: 0.5, schedule });
    },
  );
});

describe('a run that is interrupted while it is fine-tuned', () => {
  it('ends with the same weights', async () => {
    const request = { method: 'magnitude', start: 'rewind', fineTune: true, fineTuneEpochs: 2 };
    const plan = await planToy({ ...request, fineTuneSchedule: 'linear' } as Partial<RunRequest>);
    const whole = new RunFolder(memoryRunStore());
    await attemptToy(plan, whole);
    // After the first of the eight steps, in the middle, and after the last.
    for (const step of [1, 5, 8]) {
      const folder = new RunFolder(memoryRunStore());
      const stopped = await attemptToy(plan, folder, { stopAfter: 4 + step });
      expect(stopped.result).toBeUndefined();
      await attemptToy(plan, folder);
      expect(await folder.readTensors('weights')).toEqual(await whole.readTensors('weights'));
      expect(await folder.readMetrics()).toEqual(await whole.readMetrics());
    }
  });
});

describe('weights that were trained elsewhere', () => {
  it('are pruned by any method and trained on, by their own names', async () => {
    const startWeights = await trainedElsewhere('elsewhere.safetensors');
    for (const method of ['cts', 'snip', 'grasp', 'synflow', 'magnitude', 'ltr', 'random']) {
      const options = {
        cts: { searchEpochs: 1 },
        snip: { examplesPerClass: 2 },
        grasp: { examplesPerClass: 2 },
        ltr: { rate: 0.6 },
        synflow: { iterations: 2 },
      }[method];
      const plan = await planToy({ method, startWeights, fineTune: true, options: options ?? {} });
      expect(plan.imported).toMatchObject({ converted: { F64: 4 }, leftOut: 1 });
      const folder = new RunFolder(memoryRunStore());
      const { result } = await attemptToy(plan, folder);
      const start = (await folder.readTensors('start')).tensors;
      expect([...start.get('hidden.bias')!.data]).toEqual([
        -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, -0.75,
      ]);
      expect([method, result!.kept]).toEqual([method, 24]);
    }
  });

  it('are refused as an import refuses them, or where they changed since', async () => {
    const startWeights = await trainedElsewhere('changing.safetensors');
    const units = planToy({ startWeights, options: { units: 4 } });
    await expect(units).rejects.toMatchObject({ code: 'WEIGHTS_MISMATCH' });
    const plan = await planToy({ method: 'magnitude', startWeights });
    await trainedElsewhere('changing.safetensors', 2);
    const attempt = attemptToy(plan, new RunFolder(memoryRunStore()));
    await expect(attempt).rejects.toMatchObject({ code: 'DATA_CHANGED' });
    await trainedElsewhere('changing.safetensors', NaN);
    await expect(planToy({ startWeights })).rejects.toMatchObject({ code: 'BAD_WEIGHTS' });
  });
});
