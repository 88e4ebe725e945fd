import { describe, expect, it } from '@jest/globals';
import { type SearchEnd, settlementNotes } from './settlement.ts';

const PULLED = 0.3;
const LENGTH = { epochs: 20, steps: 100 };

describe(settlementNotes, () => {
  it.each([
    [0.22, 0.22],
    [0.2, 0.22],
    [0.24, 0.22],
    // All of the weights are not below a target beyond them.
    [0.95, 1.045],
  ])('has nothing to say of %f where %f is the target', (density, target) => {
    for (const pull of [0, PULLED])
      expect(settlementNotes({ density, pull, rise: 0 }, target, LENGTH)).toEqual([]);
  });

  it.each<[SearchEnd, number, string]>([
    [
      { density: 0.1196, pull: PULLED, rise: 0 },
      0.22,
      'the search had not settled: its expected density ended at 12 %, 45.6 % below the 22 % that it aims at; a longer one, such as --search-epochs 80, ends nearer',
    ],
    [
      { density: 0.03, pull: 0, rise: 0 },
      0.02,
      'the search had not settled: its expected density ended at 3 %, 50 % above the 2 % that it aims at; a longer one, such as --search-epochs 80, ends nearer',
    ],
    [
      { density: 0.61, pull: 0, rise: 0 },
      0.704,
      'the search settled below its density: its expected density ended at 61 %, 13.4 % below the 70.4 % that it aims at, and the objective alone holds it there',
    ],
    [
      { density: 0.745, pull: 0.009, rise: -0.001 },
      1.045,
      'the search settled below its density: its expected density ended at 74.5 %, 25.5 % below the 100 % that it aims at, and the objective alone holds it there',
    ],
    // 0.12 and 300 steps of 4e-5 are 0.132: more than a tenth of the way to 0.22; of 3e-5 they are less.
    [
      { density: 0.12, pull: 0, rise: 4e-5 },
      0.22,
      'the search had not settled: its expected density ended at 12 %, 45.5 % below the 22 % that it aims at; a longer one, such as --search-epochs 80, ends nearer',
    ],
    [
      { density: 0.12, pull: 0, rise: 3e-5 },
      0.22,
      'the search settled below its density: its expected density ended at 12 %, 45.5 % below the 22 % that it aims at, and the objective alone holds it there',
    ],
  ])('says of %j what it does where %f is the target', (end, target, text) => {
    expect(settlementNotes(end, target, LENGTH)).toEqual([text]);
  });
});
