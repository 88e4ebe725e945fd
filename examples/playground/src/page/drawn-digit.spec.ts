import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Stroke, drawnDigit } from './drawn-digit.ts';

const row = (pixels: Float32Array, y: number) => [...pixels.subarray(8 * y, 8 * y + 8)];

it('sees nothing where nothing is drawn', () => {
  expect([...drawnDigit([])]).toEqual(Array.from({ length: 64 }, () => 0));
});

it('puts a stroke down into the middle, as high as the image', () => {
  const pixels = drawnDigit([
    [
      [10, 40],
      [10, 200],
    ],
  ]);
  // The pen is 4 of 32 wide, and lies half in the fourth column and half in the fifth.
  expect(row(pixels, 4)).toEqual([0, 0, 0, 0.5, 0.5, 0, 0, 0]);
  expect(row(pixels, 0)[3]).toBeGreaterThan(0.3);
  expect(row(pixels, 7)[4]).toBeGreaterThan(0.3);
});

it('heeds neither where nor how large a digit is drawn', () => {
  const coordinate = fc.integer({ min: 0, max: 50 });
  const stroke = fc.array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(stroke, { minLength: 1, maxLength: 3 }), coordinate, (strokes, shift) => {
      const moved = strokes.map((one): Stroke =>
        one.map(([x, y]) => [2 * x + shift, 2 * y - shift]),
      );
      const [here, there] = [drawnDigit(strokes), drawnDigit(moved)];
      // A point on the pen's very edge may fall to either side.
      for (let i = 0; i < 64; i++)
        expect(Math.abs(here[i]! - there[i]!)).toBeLessThanOrEqual(4 / 16);
    }),
    { numRuns: 20 },
  );
});
