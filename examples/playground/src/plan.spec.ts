import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PLANS, planFor, planWithin, secondsOf } from './plan.ts';

const speed = { trainMs: 10, searchMs: 30 };

it('takes what training and search take', () => {
  // 12 epochs of all weights and twice 9 under tickets at 10 ms, 20 of search at 30 ms, 41 steps each: 41 · (300 + 600)
  const plan = { epochs: 12, rewindEpochs: 3, searchEpochs: 20 };
  expect(secondsOf(plan, 41, speed, true)).toBeCloseTo(36.9, 10);
  expect(secondsOf(plan, 41, speed, false)).toBeCloseTo(12.3, 10);
});

it('takes the longest plan that a budget has room for, and the shortest in any case', () => {
  expect(planWithin(37, 41, speed, true)).toEqual({
    epochs: 12,
    rewindEpochs: 3,
    searchEpochs: 20,
  });
  expect(planWithin(36, 41, speed, true)).toEqual({ epochs: 9, rewindEpochs: 3, searchEpochs: 13 });
  expect(planWithin(0, 41, speed, true)).toEqual(PLANS[0]);
});

it('makes of few images many epochs, and of many few', () => {
  expect(planFor({ epochs: 12, rewindEpochs: 3, searchEpochs: 20 }, 4)).toEqual({
    epochs: 123,
    rewindEpochs: 31,
    searchEpochs: 205,
  });
  expect(planFor(PLANS[0]!, 4000)).toEqual({ epochs: 2, rewindEpochs: 1, searchEpochs: 1 });
});

it('trains under a ticket for an epoch at least, whatever the images', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(...PLANS), (steps, plan) => {
      const { epochs, rewindEpochs, searchEpochs } = planFor(plan, steps);
      expect(epochs).toBeGreaterThan(rewindEpochs);
      expect(Math.min(rewindEpochs, searchEpochs)).toBeGreaterThan(0);
    }),
  );
});
