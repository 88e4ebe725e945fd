import { describe, expect, it } from '@jest/globals';
import type { ParameterSpec } from '@winnow/plugin-api';
import fc from 'fast-check';
import { Budget } from './budget.ts';

const networkOf = (sizes: Readonly<Record<string, number>>) => ({
  parameters: [
    ...Object.entries(sizes).map(([name, n]) => ({ name, shape: [n], prunable: true })),
    { name: 'bias', shape: [99], prunable: false },
  ] as unknown as ParameterSpec[],
});
const network = networkOf({ a: 10, b: 20, c: 70 });

describe(Budget, () => {
  it('is one group of ⌊κd⌋ where no layer has a density of its own', () => {
    const budget = Budget.of(network, 0.29);
    // 0.29 · 100 is 28.999999999999996 in float64.
    expect([budget.size, budget.kept]).toEqual([100, 29]);
    expect(budget.groups()).toEqual([{ names: ['a', 'b', 'c'], kept: 29 }]);
    expect(budget.groups(0.5)).toEqual([{ names: ['a', 'b', 'c'], kept: 50 }]);
    expect(budget.densityOf('b')).toBe(0.29);
  });

  it('gives a layer what was chosen for it, and the others the rest', () => {
    const budget = Budget.of(network, 0.25, { a: 1, 'b*': 0.25 });
    // 25 in all: 10 of a, 5 of b, and so 10 of the 70 of c.
    expect(budget.groups()).toEqual([
      { names: ['a'], kept: 10 },
      { names: ['b'], kept: 5 },
      { names: ['c'], kept: 10 },
    ]);
    expect(budget.densityOf('a')).toBe(1);
    expect(budget.densityOf('b')).toBe(0.25);
    expect(budget.densityOf('c')).toBe(10 / 70);
    // Half way, all have the square roots of their densities: ⌊20 · 0.5⌋ and ⌊70 · √(1/7)⌋.
    expect(budget.groups(0.5).map(({ kept }) => kept)).toEqual([10, 10, 26]);
  });

  it('takes the later of two patterns for one layer', () => {
    expect(Budget.of(network, 0.5, { '*': 0.5, c: 0.6, a: 0.3, b: 0.25 }).groups()).toEqual([
      { names: ['a'], kept: 3 },
      { names: ['b'], kept: 5 },
      { names: ['c'], kept: 42 },
    ]);
  });

  it('keeps ⌊κd⌋ in the end, and on the way never fewer of a layer than later', () => {
    const sizes = fc.array(fc.integer({ min: 5, max: 50 }), { minLength: 2, maxLength: 5 });
    const density = fc.double({ min: 0.2, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(
        sizes,
        density,
        density,
        fc.integer({ min: 2, max: 7 }),
        (all, κ, own, rounds) => {
          const given = networkOf(Object.fromEntries(all.map((n, i) => [`layer${i}`, n])));
          let budget: Budget;
          try {
            budget = Budget.of(given, κ, { layer0: own });
          } catch (error) {
            expect(error).toMatchObject({ code: 'LAYER_DENSITY' });
            return;
          }
          const counts = Array.from({ length: rounds }, (_, n) =>
            budget.groups(n + 1 < rounds ? κ ** ((n + 1) / rounds) : κ).map(({ kept }) => kept),
          );
          expect(counts.at(-1)!.reduce((a, b) => a + b, 0)).toBe(budget.kept);
          counts.slice(1).forEach((later, i) => {
            later.forEach((kept, group) => expect(kept).toBeLessThanOrEqual(counts[i]![group]!));
          });
        },
      ),
    );
  });

  it.each([
    [0.5, { d: 0.5 }, 'BAD_LAYER', 'No prunable parameter is named "d".'],
    [0.5, { bias: 0.5 }, 'BAD_LAYER', 'No prunable parameter is named "bias".'],
    [0.5, { a: 0 }, 'BAD_DENSITY', 'Density 0 is not above 0 and at most 1.'],
    [
      0.2,
      { b: 1, a: 0.5 },
      'LAYER_DENSITY',
      'The layers with densities of their own keep 25 weights, and density 0.2 of all 100 only 20.',
    ],
    [
      0.9,
      { c: 0.5 },
      'LAYER_DENSITY',
      'Density 0.9 asks for 90 of 100 weights, and with these densities of layers no more than 65 can stay.',
    ],
    [2, {}, 'BAD_DENSITY', 'Density 2 is not above 0 and at most 1.'],
    [0.001, {}, 'EMPTY_TICKET', 'Density 0.001 of 100 prunable weights keeps ⌊κd⌋ = 0 of them.'],
  ])('refuses density %d with %j by %s', (density, own, code, sentence) => {
    expect(() => Budget.of(network, density, own as Record<string, number>)).toThrow(
      expect.objectContaining({ code, sentence }),
    );
  });
});
