import { expect, it } from '@jest/globals';
import { tintsOfLogits, tintsOfScores } from './tints.ts';

it('has a logit where the search began in the middle, and ends four away from it', () => {
  // ln(0.5 / 0.5) = 0
  expect([...tintsOfLogits([0, 4, -4, 9, -9, 2], 0.5)]).toEqual([128, 255, 0, 255, 0, 191]);
  // ln(0.0025 / 0.9975) = −5.98896…
  expect([...tintsOfLogits([-5.98896], 0.0025)]).toEqual([128]);
});

it('has scores by their root beside the largest', () => {
  expect([...tintsOfScores([4, -1, 0])]).toEqual([255, 128, 0]);
  expect([...tintsOfScores([0, 0])]).toEqual([0, 0]);
});
