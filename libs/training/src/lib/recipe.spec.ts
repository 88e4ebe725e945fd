import { describe, expect, it } from '@jest/globals';
import { compressRest, learningRateAt, stretch, trainingRecipe } from './recipe.ts';

const TINY_IMAGENET = {
  learningRate: 0.4,
  epochs: 200,
  dropEpochs: [60, 120, 160],
  warmupEpochs: 10,
  weightDecay: 1e-4,
  batchSize: 512,
};

describe(learningRateAt, () => {
  it.each([
    [0, 0.4 / 1000],
    [499, 0.2],
    [999, 0.4],
    [60 * 100 - 1, 0.4],
    [60 * 100, 0.04],
    [120 * 100, 0.004],
    [199 * 100, 0.0004],
  ])('step %i of 100 an epoch has the rate %f', (step, rate) => {
    expect(learningRateAt(TINY_IMAGENET, step, 100)).toBeCloseTo(rate, 10);
  });

  it.each([
    [0, 0.4],
    [5_000, 0.3],
    [19_999, 0.4 / 20_000],
  ])('step %i of 20,000 has the rate %f where it falls to 0', (step, rate) => {
    const falling = { ...TINY_IMAGENET, decay: 'linear' } as const;
    expect(learningRateAt(falling, step, 100)).toBeCloseTo(rate, 10);
  });

  it('keeps the shape of a schedule that is stretched', () => {
    const short = stretch(TINY_IMAGENET, 20);
    expect([short.dropEpochs, short.warmupEpochs]).toEqual([[6, 12, 16], 1]);
  });

  it('drops nowhere at the start: of one epoch the rate is the first', () => {
    const one = stretch(TINY_IMAGENET, 1);
    expect(one.dropEpochs).toEqual([1, 1, 1]);
    expect([0, 99].map((step) => learningRateAt(one, step, 100))).toEqual([0.4, 0.4]);
  });
});

describe(compressRest, () => {
  it('has the rates of the rest of a schedule, in fewer epochs', () => {
    const recipe = trainingRecipe(TINY_IMAGENET);
    const short = compressRest(recipe, 100, 5);
    // 100 epochs in 5: what step 2,000 + n of 20 an epoch has there, step n / 20 has here.
    for (const n of [0, 399, 400, 1_199, 1_200, 1_999]) {
      const rate = learningRateAt(recipe, 2_000 + n, 20);
      expect(learningRateAt(short, Math.floor(n / 20), 20)).toBeCloseTo(rate, 12);
    }
    expect(compressRest(recipe, 5, 39)).toMatchObject({ epochs: 39, warmupEpochs: 1 });
    expect(compressRest(recipe, 0, 200)).toEqual(recipe);
  });

  it('goes not above the rate where the warm-up ends within a step', () => {
    // 10 of 200 epochs in one of ten steps: half a step is warm-up.
    const round = compressRest(trainingRecipe(TINY_IMAGENET), 0, 1);
    expect([0, 1, 2].map((step) => learningRateAt(round, step, 10))).toEqual([0.4, 0.4, 0.4]);
  });

  it('has the last rate alone where the schedule has ended', () => {
    const ended = compressRest(trainingRecipe(TINY_IMAGENET), 200, 3);
    expect(ended).toMatchObject({ epochs: 3, dropEpochs: [], warmupEpochs: 0 });
    expect(learningRateAt(ended, 0, 20)).toBeCloseTo(0.0004, 12);
  });

  it('falls on to 0 where the schedule falls', () => {
    const falling = trainingRecipe({ ...TINY_IMAGENET, decay: 'linear' });
    const short = compressRest(falling, 100, 5);
    // Of 200 epochs 100 are left, and half of the rate; of the last step in 100 there is a hundredth of that.
    for (const [step, rate] of [
      [0, 0.2],
      [50, 0.1],
      [99, 0.002],
    ] as const)
      expect(learningRateAt(short, step, 20)).toBeCloseTo(rate, 12);
  });
});
