import { describe, expect, it } from '@jest/globals';
import { settlementNotes } from './settlement.ts';

describe(settlementNotes, () => {
  it.each([
    [0.22, 0.22],
    [0.2, 0.22],
    [0.24, 0.22],
  ])('has nothing to say of %f where %f is the target', (expected, target) => {
    expect(settlementNotes(expected, target, 20)).toEqual([]);
  });

  it.each([
    [
      0.1196,
      0.22,
      'ended at 12 %, 45.6 % below the 22 % that it aims at; a longer one, such as --search-epochs 80, ends nearer',
    ],
    [
      0.03,
      0.02,
      'ended at 3 %, 50 % above the 2 % that it aims at; a longer one, such as --search-epochs 80, ends nearer',
    ],
  ])('says it of %f where %f is the target', (expected, target, text) => {
    expect(settlementNotes(expected, target, 20)).toEqual([
      `the search had not settled: its expected density ${text}`,
    ]);
  });
});
