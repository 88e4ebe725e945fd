import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkDensity, keptCount, refusesDensity } from './density.ts';
import { WinnowError } from './winnow-error.ts';

describe('keptCount', () => {
  it('is the floor of the exact product, where float64 falls just short of it', () => {
    expect(0.29 * 100).toBeLessThan(29);
    expect(keptCount(0.29, 100)).toBe(29);
    // ResNet-20 has 291 376 prunable weights: 0.8² of them are 186 480.64, 0.8²² are 2149.97…
    expect(keptCount(0.8 ** 2, 291_376)).toBe(186_480);
    expect(keptCount(0.8 ** 22, 291_376)).toBe(2149);
    expect(keptCount(1, 14_710_464)).toBe(14_710_464);
  });

  it('finds every fraction k/n of n weights to be k', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 25_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, u) => {
          const k = Math.max(1, Math.round(u * n));
          expect(keptCount(k / n, n)).toBe(k);
        },
      ),
    );
  });

  it('refuses a text, though it compares like a number', () => {
    expect(() => keptCount('0.1' as unknown as number, 100)).toThrow(
      expect.objectContaining({
        code: 'BAD_DENSITY',
        sentence: 'Density "0.1", of type string, is not above 0 and at most 1.',
      }),
    );
  });

  it('refuses to keep nothing and names a density that keeps one weight', () => {
    expect(() => keptCount(0.009, 100)).toThrow(
      'Density 0.009 of 100 prunable weights keeps ⌊κd⌋ = 0 of them. Give at least 0.01, which keeps one.',
    );
    // 1 / 291 376 = 3.43199e-6
    expect(() => keptCount(1e-9, 291_376)).toThrow('at least 0.00000344,');
    expect(keptCount(0.00000344, 291_376)).toBe(1);
  });
});

it.each([0, -0.1, 1.01, NaN, Infinity])('density %p is refused', (density) => {
  expect(() => checkDensity(density)).toThrow(expect.objectContaining({ code: 'BAD_DENSITY' }));
});

describe('refusesDensity', () => {
  const refusal = (throwing: () => unknown): WinnowError => {
    try {
      throwing();
    } catch (error) {
      return error as WinnowError;
    }
    throw new Error('Nothing was refused.');
  };

  it.each([-0, 7, NaN, -1e-9])('knows %p by itself, in a list and in a map', (density) => {
    const error = refusal(() => checkDensity(density));
    for (const value of [density, [0.1, density], { a: density }])
      expect([value, refusesDensity(error, value)]).toEqual([value, true]);
    for (const value of [0.1, [0.1], { a: 0.1 }, undefined])
      expect([value, refusesDensity(error, value)]).toEqual([value, false]);
  });

  it('knows one that keeps nothing, and no other error', () => {
    expect(
      refusesDensity(
        refusal(() => keptCount(1e-9, 10)),
        1e-9,
      ),
    ).toBe(true);
    expect(refusesDensity(new WinnowError('LAYER_DENSITY', 'Density 7 is.'), 7)).toBe(false);
    expect(refusesDensity(new WinnowError('EMPTY_TICKET', 'It keeps none.'), undefined)).toBe(
      false,
    );
  });
});
