import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { TrainingOrder, arraySource } from '@winnow/data';
import { type Checkpoints, INTERRUPTED, type ProgressReport, nextTurn } from '@winnow/plugin-api';
import { type Reading, cpu, randomStreams, vectors } from '@winnow/tensor-backend';
import { MemoryCheckpoints } from './memory-checkpoints.ts';
import { type StepTold, type StepWork, steps } from './steps.ts';

const INPUT = { height: 1, width: 1, channels: 1 };
/** Image i is the number i. */
const numbers = (count: number, from = 0) =>
  arraySource({
    pixels: Float32Array.from({ length: count }, (_, i) => from + i),
    labels: new Int32Array(count),
    shape: INPUT,
  });

/** A reading that is there at once, as the host's are. */
const known = (_step: number, told: Omit<StepTold, 'gradientNorm'>): Reading<StepTold> => {
  const whole = { ...told, gradientNorm: 1 };
  return { known: true, now: () => whole, later: () => Promise.resolve(whole), drop() {} };
};

/** One that a device still has. */
const late = (...given: Parameters<typeof known>): Reading<StepTold> => ({
  ...known(...given),
  known: false,
});

/** Sums the images that steps see, squared, so that their order matters. */
function summing(changes: Partial<StepWork> = {}, reading?: typeof known) {
  const sum = vectors().zeros(1);
  const reports: ProgressReport[] = [];
  const source = numbers(10);
  const work: StepWork = {
    source,
    input: INPUT,
    order: new TrainingOrder(source.length, 4, randomStreams(1)('shuffling')),
    end: 6,
    epochs: 2,
    state: { vectors: { sum } },
    checkpoints: new MemoryCheckpoints(),
    signal: new AbortController().signal,
    progress: (report) => void reports.push(report),
    subject: 'The sum',
    kind: 'summing',
    ...changes,
  };
  const run = async (loss = (step: number) => step, beside: ProgressReport['values'] = {}) => {
    for await (const { step, batch, report, reportLater } of steps(work)) {
      const [now] = sum.read();
      const seen = [...batch.images.dataSync()].reduce((a, b) => a + b, 0);
      sum.write(Float32Array.of((2 * now! + seen) % 1009));
      const values = { loss: loss(step), ...beside };
      if (reading) reportLater(reading(step, { values, loss: loss(step) }));
      else report(values, { loss: loss(step), gradientNorm: 1 });
    }
    return sum.read()[0]!;
  };
  return { run, reports, sum };
}

describe(steps, () => {
  beforeAll(() => cpu.start());

  it('tells of every step, and leaves no tensor', async () => {
    const before = tf.memory().numTensors;
    const { run, reports } = summing();
    await run();
    expect(tf.memory().numTensors).toBe(before);
    expect(reports.map(({ step, epoch, images }) => [step, epoch, images])).toEqual([
      [1, 0, 4],
      [2, 0, 4],
      [3, 0, 2],
      [4, 1, 4],
      [5, 1, 4],
      [6, 1, 2],
    ]);
    expect(reports.map(({ values }) => values['loss'])).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('goes on after any step to the same numbers, with checkpoints of its own that need no files', async () => {
    const whole = await summing().run();
    for (let last = 1; last < 6; last++) {
      const checkpoints = new MemoryCheckpoints();
      const stop = new AbortController();
      const first = summing({
        checkpoints,
        signal: stop.signal,
        progress: ({ step }) => void (step === last && stop.abort()),
      });
      await expect(first.run()).rejects.toMatchObject({ code: INTERRUPTED });
      const second = summing({ checkpoints });
      expect(await second.run()).toBe(whole);
      expect(second.reports.map(({ step }) => step)).toEqual(
        Array.from({ length: 6 - last }, (_, i) => last + 1 + i),
      );
    }
  });

  it('saves when that is due, but not after the last step', async () => {
    const saved: unknown[] = [];
    let asked = 0;
    const checkpoints: Checkpoints = {
      load: () => Promise.resolve(undefined),
      due: () => ++asked % 2 === 0,
      save: ({ values }) => Promise.resolve(void saved.push(values['step'])),
    };
    await summing({ checkpoints }).run();
    expect(saved).toEqual([2, 4]);
  });

  it('keeps plain values beside the vectors', async () => {
    const checkpoints = new MemoryCheckpoints();
    const restored: unknown[] = [];
    const state = {
      vectors: {},
      values: () => ({ lambda: 3 }),
      restore: ({ lambda }: Readonly<Record<string, unknown>>) => void restored.push(lambda),
    };
    const signal = AbortSignal.abort();
    await expect(summing({ checkpoints, state, signal }).run()).rejects.toThrow('Interrupted');
    await summing({ checkpoints, state }).run();
    expect(restored).toEqual([3]);
  });

  it('stops at a number that is not finite, with its step', async () => {
    const before = tf.memory().numTensors;
    const { run, reports } = summing();
    await expect(run((step) => (step === 4 ? NaN : 1))).rejects.toMatchObject({
      code: 'LOSS_NOT_FINITE',
      sentence: "The sum is NaN and its gradient's norm 1 at summing step 4 (epoch 2).",
    });
    expect(reports).toHaveLength(4);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('takes a reading that is there as it takes numbers', async () => {
    const [numbers, readings] = [summing(), summing({}, known)];
    expect(await readings.run()).toBe(await numbers.run());
    expect(readings.reports).toEqual(numbers.reports);
    await expect(readings.run((step) => (step === 4 ? NaN : 1))).rejects.toThrow('summing step 4');
  });

  it('tells what a device still has a step later, all of it, and to the same numbers', async () => {
    const [early, others] = [summing(), summing({}, late)];
    let ahead = 0;
    const seen = (step: number) => {
      ahead = Math.max(ahead, step - others.reports.length);
      return step;
    };
    expect(await others.run(seen)).toBe(await early.run());
    expect(others.reports).toEqual(early.reports);
    expect(ahead).toBe(1);
  });

  it.each([
    ['a checkpoint', { due: () => true, aborts: false }],
    ['an interruption', { due: () => false, aborts: true }],
  ])('looks at what a device still has before %s is saved', async (_, { due, aborts }) => {
    const saved: unknown[] = [];
    const checkpoints: Checkpoints = {
      load: () => Promise.resolve(undefined),
      due,
      save: ({ values }) => Promise.resolve(void saved.push(values['step'])),
    };
    const stop = new AbortController();
    const { run } = summing({ checkpoints, signal: stop.signal }, late);
    const loss = (step: number) => {
      if (step === 3 && aborts) stop.abort();
      return step === 3 ? NaN : 1;
    };
    await expect(run(loss)).rejects.toMatchObject({
      sentence: "The sum is NaN and its gradient's norm 1 at summing step 3 (epoch 2).",
    });
    expect(saved).toEqual(aborts ? [] : [1, 2, 3]);
  });

  it('drops what nobody will look at: a step that had begun when the one before was bad', async () => {
    const [taken, dropped]: [number[], number[]] = [[], []];
    let next = 0;
    const counted: typeof known = (...given) => {
      const number = next++;
      const told = late(...given);
      return {
        ...told,
        later: () => (taken.push(number), told.later()),
        drop: () => void dropped.push(number),
      };
    };
    const { run } = summing({}, counted);
    await expect(run((step) => (step === 2 ? NaN : 1))).rejects.toThrow('at summing step 2');
    expect([taken, dropped]).toEqual([[0, 1, 2], [3]]);
  });

  it('does not save a state that is not finite, whatever its steps told', async () => {
    const checkpoints = new MemoryCheckpoints();
    const { run, sum } = summing({ checkpoints, signal: AbortSignal.abort() });
    const spoilt = run((step) => {
      sum.write(Float32Array.of(NaN));
      return step;
    });
    await expect(spoilt).rejects.toMatchObject({
      code: 'LOSS_NOT_FINITE',
      sentence:
        'The sum is finite, but left its sum not so before summing step 1; nothing of it was saved.',
    });
    expect(await checkpoints.load()).toBeUndefined();
  });

  it('stops at any reported number that is not finite', async () => {
    await expect(summing().run(() => 1, { ratio: Infinity })).rejects.toMatchObject({
      code: 'LOSS_NOT_FINITE',
      sentence: 'The sum has ratio Infinity at summing step 0 (epoch 1).',
    });
  });

  it('takes nothing for its state that another work saved', async () => {
    for (const [saved, changes] of [
      [{ arrays: {}, values: { round: 3 } }, {}],
      [{ arrays: { sum: new Float32Array(2) }, values: { step: 3 } }, {}],
      [{ arrays: { sum: new Float32Array(1) }, values: {} }, {}],
      [{ arrays: {}, values: {} }, { state: { vectors: {} } }],
    ] as const) {
      const checkpoints = new MemoryCheckpoints();
      await checkpoints.save(saved);
      await expect(summing({ ...changes, checkpoints }).run()).rejects.toMatchObject({
        code: 'CHECKPOINT_MISMATCH',
      });
    }
  });

  it('saves once where several images of a step cannot be read', async () => {
    let [inside, most, saves] = [0, 0, 0];
    const checkpoints: Checkpoints = {
      load: () => Promise.resolve(undefined),
      due: () => false,
      async save() {
        saves++;
        most = Math.max(most, ++inside);
        await nextTurn();
        inside--;
      },
    };
    const broken = { ...numbers(10), read: () => Promise.reject(new Error('a corrupt image')) };
    const requests = () => [{ indices: [0] }];
    const companions = { one: { source: broken, requests }, other: { source: broken, requests } };
    await expect(summing({ checkpoints, companions }).run()).rejects.toThrow('a corrupt image');
    expect([saves, most, inside]).toEqual([1, 1, 0]);
  });

  it('reads other images beside its own, the same ones after an interruption', async () => {
    const companions = {
      other: {
        source: numbers(6, 100),
        *requests(first: number, end: number) {
          for (let step = first; step < end; step++) yield { indices: [step] };
        },
      },
    };
    const checkpoints = new MemoryCheckpoints();
    const seen: number[] = [];
    for (const stopAt of [2, Infinity]) {
      const stop = new AbortController();
      const { sum } = summing();
      const source = numbers(10);
      const run = async () => {
        for await (const { step, companions: beside } of steps({
          source,
          input: INPUT,
          order: new TrainingOrder(source.length, 4, randomStreams(1)('shuffling')),
          companions,
          end: 6,
          epochs: 2,
          state: { vectors: { sum } },
          checkpoints,
          signal: stop.signal,
          progress: () => {},
          subject: '',
          kind: '',
        })) {
          seen.push(beside['other']!.images.dataSync()[0]!);
          if (step === stopAt) stop.abort();
        }
      };
      await run().catch((error: unknown) => expect(error).toMatchObject({ code: INTERRUPTED }));
    }
    expect(seen).toEqual([100, 101, 102, 103, 104, 105]);
  });
});
