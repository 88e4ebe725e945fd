import { expect, it } from '@jest/globals';
import type { Dataset } from '@winnow/plugin-api';
import type { RunRequest } from './plan-run.ts';
import { reckonRun } from './reckon-run.ts';
import type { Speed } from './speed.ts';
import { TOYS, planToy } from './testing/toy-run.ts';

/** 88 batches of 512; 9 and 19 to be evaluated, which take a remainder in, the validation part twice. */
const cifar = Object.fromEntries(
  Object.entries({ train: 45_000, validation: 5_000, test: 10_000 }).map(([part, length]) => [
    part,
    { length },
  ]),
) as unknown as Dataset;

const speed: Speed = {
  ...{ batch: 512, backend: 'native', threads: 2 },
  dense: { train: 200, inference: 70 },
  ticket: { train: 60, inference: 20 },
};

const PAPER: Partial<RunRequest> = { epochs: 160, rewindEpochs: 9, start: 'rewind' };

async function reckoned(request: Partial<RunRequest>, at: Speed = speed) {
  const { config } = await planToy({ ...PAPER, ...request });
  // More than the toy's images are.
  const recipe = { ...config.recipe, batchSize: 512 };
  return reckonRun({ ...config, recipe }, cifar, at, TOYS);
}

it('reckons the phases of a run by the steps that they take', async () => {
  // A search of an eighth of the epochs, whose steps are one and a half of training.
  expect(await reckoned({})).toEqual({
    pretrain: 9 * 88 * 200,
    search: 20 * 1.5 * 88 * 200,
    train: 151 * 88 * 60 + 37 * 20,
  });
  expect(await reckoned({ method: 'snip' })).toMatchObject({ search: 0 });
  expect(await reckoned({ fineTune: true, fineTuneEpochs: 8 })).toMatchObject({
    train: 8 * 88 * 60 + 37 * 20,
  });
});

it('reckons a dense run by its own steps', async () => {
  const { ticket: _, ...dense } = speed;
  const request = { method: 'dense', density: 1, start: 'init', rewindEpochs: undefined } as const;
  expect(await reckoned(request, dense)).toEqual({
    pretrain: 0,
    search: 0,
    train: 160 * 88 * 200 + 37 * 70,
  });
});

it('reckons nothing where a step takes too long to be measured', async () => {
  const slow = { ...speed, ticket: { train: null, inference: null } };
  expect(await reckoned({}, slow)).toBeUndefined();
});
