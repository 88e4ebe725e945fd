import { beforeAll, describe, expect, it } from '@jest/globals';
import { sha256 } from '@winnow/files';
import type { NotedNumbers } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import type { RunPlan, RunRequest } from './plan-run.ts';
import { runIdentity } from './run-config.ts';
import { RunFolder } from './run-folder.ts';
import { memoryRunStore } from './store/memory-run-store.ts';
import { runExperiment } from './run.ts';
import { TOYS, attemptToy, planToy } from './testing/toy-run.ts';

beforeAll(() => cpu.start());

/** Five epochs of four steps, of which one comes before the start point. */
const FIVE: Partial<RunRequest> = { method: 'random', start: 'rewind', rewindEpochs: 1, epochs: 5 };

type Files = Map<string, Uint8Array>;
const folderOf = (files: Files) => new RunFolder(memoryRunStore(files, 'run'));

async function wholeRun(plan: RunPlan) {
  const files: Files = new Map();
  const outcome = await attemptToy(plan, folderOf(files));
  const rows = await folderOf(files).readMetrics();
  return { files, rows, ...outcome };
}

const validationsIn = (rows: readonly object[]) =>
  rows.filter((row) => 'validationAccuracy' in row);

describe('--validate-every', () => {
  it('evaluates after every so many epochs of the recipe, and after the last', async () => {
    const { rows, events, result } = await wholeRun(await planToy({ ...FIVE, validateEvery: 2 }));
    const validations = validationsIn(rows);
    const phase = 'train';
    expect(validations).toMatchObject([
      { phase, step: 4, epoch: 1 },
      { phase, step: 12, epoch: 3 },
      { phase, step: 16, epoch: 4 },
    ]);
    expect(rows[rows.indexOf(validations[0] as never) - 1]).toMatchObject({ phase, step: 4 });
    const told = events.filter(({ type }) => type === 'validation');
    expect(told).toEqual(validations.map((row) => ({ type: 'validation', ...row })));
    expect(validations.at(-1)).toMatchObject({ validationAccuracy: result!.validationAccuracy });
  });

  it('has the last epoch of a fine-tuning, too', async () => {
    const tuned = { ...FIVE, fineTune: true, fineTuneEpochs: 3 };
    const { rows } = await wholeRun(await planToy({ ...tuned, validateEvery: 2 }));
    expect(validationsIn(rows)).toMatchObject([{ step: 8 }, { step: 12 }]);
  });

  it('is told to who watches the run later, as it was noted', async () => {
    const plan = await planToy({ ...FIVE, validateEvery: 2 });
    const { files, rows } = await wholeRun(plan);
    let noted: readonly NotedNumbers[] = [];
    await runExperiment(plan.config, folderOf(files), {
      ...{ registry: TOYS, dataset: plan.dataset, checkpointSeconds: 1 },
      signal: new AbortController().signal,
      async observe(run) {
        noted = await run.noted!();
        return { on: () => {} };
      },
    });
    const flat = noted.map(({ values, ...of }) => ({ ...of, ...values }));
    expect(flat).toEqual(rows);
    expect(flat.filter((row) => 'validationLoss' in row)).toHaveLength(3);
  });

  it('changes no number of the run, nor what it costs', async () => {
    const [without, every] = [await planToy(FIVE), await planToy({ ...FIVE, validateEvery: 1 })];
    expect(runIdentity(every.config)).toBe(runIdentity(without.config));
    expect(every.name).toBe(without.name);
    const [plain, watched] = [await wholeRun(without), await wholeRun(every)];
    expect(watched.rows.filter((row) => !('validationAccuracy' in row))).toEqual(plain.rows);
    const others = ({ files }: typeof plain) =>
      [...files].filter(([name]) => !/config|metrics/.test(name)).map(([n, b]) => [n, sha256(b)]);
    expect(others(watched)).toEqual(others(plain));
  });

  it('takes no step again after images that could not be read', async () => {
    const plan = await planToy({ ...FIVE, validateEvery: 2 });
    const whole = await wholeRun(plan);
    const unreadable = {
      ...plan.dataset.validation,
      read: () => Promise.reject(new Error('torn')),
    };
    const files: Files = new Map();
    const broken = { ...plan, dataset: { ...plan.dataset, validation: unreadable } };
    await expect(attemptToy(broken, folderOf(files))).rejects.toThrow('torn');
    const { events } = await attemptToy(plan, folderOf(files));
    expect(events.find(({ type }) => type === 'step')).toMatchObject({ phase: 'train', step: 5 });
    expect(await folderOf(files).readMetrics()).toEqual(whole.rows);
  });

  it('may be asked for, or otherwise, when a run goes on; left out it is as the run began', async () => {
    const files: Files = new Map();
    const begun = { ...FIVE, validateEvery: 2 };
    await attemptToy(await planToy(begun), folderOf(files), { stopAfter: 9 });
    await attemptToy(await planToy(FIVE), folderOf(files), { stopAfter: 9 });
    await attemptToy(await planToy({ ...FIVE, validateEvery: 4 }), folderOf(files));
    expect((await folderOf(files).readConfig())!.validateEvery).toBe(2);
    const rows = validationsIn(await folderOf(files).readMetrics());
    expect(rows).toMatchObject([{ step: 4 }, { step: 12 }, { step: 16 }]);
  });

  it.each([0, -1, 1.5])('cannot be %d', async (validateEvery) => {
    await expect(planToy({ ...FIVE, validateEvery })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});
