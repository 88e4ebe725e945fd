import { describe, expect, it } from '@jest/globals';
import { DRAWS_PER_IMAGE } from '@winnow/plugin-api';
import fc from 'fast-check';
import { randomCrop } from './random-crop.ts';

const draws = (...uniforms: number[]) => {
  const all = new Float32Array(DRAWS_PER_IMAGE).fill(0.5);
  all.set(uniforms);
  return all;
};

describe('randomCrop', () => {
  // 10 000 pixels, of which 0.1 + 0.9 · (2/9) = 30 %; ratio 0.8 · 1.5625^½ = 1: a side of √3000 = 54.8.
  it('draws area, ratio and place', () => {
    const box = randomCrop({ width: 100, height: 100 }, draws(0, 0, 0.999, 2 / 9, 0.5));
    expect(box).toEqual({ width: 55, height: 55, left: 45, top: 0 });
  });

  // Nearly all of the area at ratio 1.25 is wider than the image; the second pair of draws is the one above.
  it('draws again while the box does not fit', () => {
    const box = randomCrop({ width: 100, height: 100 }, draws(0, 0.5, 0, 0.99, 0.99, 2 / 9, 0.5));
    expect(box).toEqual({ width: 55, height: 55, left: 0, top: 23 });
  });

  it('takes the middle of images that no box fits into', () => {
    expect(randomCrop({ width: 1000, height: 10 }, draws())).toEqual({
      width: 13,
      height: 10,
      left: 493,
      top: 0,
    });
    expect(randomCrop({ width: 10, height: 1000 }, draws())).toEqual({
      width: 10,
      height: 13,
      left: 0,
      top: 493,
    });
  });

  it('stays inside, within the bounds of area and ratio', () => {
    const side = fc.integer({ min: 40, max: 600 });
    const uniform = fc.float({ min: 0, max: Math.fround(1 - 2 ** -24), noNaN: true });
    const uniforms = fc.array(uniform, {
      minLength: DRAWS_PER_IMAGE,
      maxLength: DRAWS_PER_IMAGE,
    });
    fc.assert(
      fc.property(side, side, uniforms, (width, height, all) => {
        const box = randomCrop({ width, height }, Float32Array.from(all));
        expect(box.left).toBeGreaterThanOrEqual(0);
        expect(box.top).toBeGreaterThanOrEqual(0);
        expect(box.left + box.width).toBeLessThanOrEqual(width);
        expect(box.top + box.height).toBeLessThanOrEqual(height);
        // A pixel of rounding at each side.
        expect((box.width + 1) / (box.height - 1)).toBeGreaterThan(0.8);
        expect((box.width - 1) / (box.height + 1)).toBeLessThan(1.25);
      }),
    );
  });
});
