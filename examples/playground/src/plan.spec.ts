import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PLANS, planFor, planWithin, secondsOf, stepsToStart } from './plan.ts';

const speed = { trainMs: 10, searchMs: 30 };

it('takes what training and search take', () => {
  // 10 epochs of all weights and twice 7 under tickets at 10 ms, 10 of search at 30 ms, 41 steps each: 41 · (240 + 300)
  const plan = { epochs: 10, rewindEpochs: 3, searchEpochs: 10 };
  expect(secondsOf(plan, 41, speed, true)).toBeCloseTo(22.14, 10);
  expect(secondsOf(plan, 41, speed, false)).toBeCloseTo(9.84, 10);
});

it('takes the longest plan that a budget has room for, and the shortest in any case', () => {
  expect(planWithin(23, 41, speed, true)).toEqual({
    epochs: 10,
    rewindEpochs: 3,
    searchEpochs: 10,
  });
  expect(planWithin(22, 41, speed, true)).toEqual({ epochs: 8, rewindEpochs: 3, searchEpochs: 8 });
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

it('takes whole steps to the start point, whatever the images', () => {
  // 12 of 41 epochs of 10 steps, where 12 / 41 is no double.
  expect(stepsToStart(410, { epochs: 41, rewindEpochs: 12, searchEpochs: 41 })).toBe(120);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.constantFrom(...PLANS), (steps, plan) => {
      const own = planFor(plan, steps);
      expect(stepsToStart(steps * own.epochs, own)).toBe(steps * own.rewindEpochs);
    }),
  );
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
