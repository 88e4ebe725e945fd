import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { paintLayer, tileOf } from './paint-layer.ts';

const TINTS = Array.from({ length: 256 }, (_, i) => i);
const COLOURS = { tints: TINTS, leading: 1000, dead: 2000 };

describe('the tile of a layer', () => {
  it('has kernels beside one another: outputs down, inputs across', () => {
    // Two outputs of two inputs, kernels of 1 × 2: weights 0 1 | 2 3 of the first output, 4 5 | 6 7 of the second.
    const { rows, columns, indices } = tileOf({ shape: [2, 2, 1, 2] });
    expect([rows, columns]).toEqual([2, 4]);
    expect([...indices]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const high = tileOf({ shape: [1, 2, 2, 1] });
    expect([high.rows, high.columns]).toEqual([2, 2]);
    expect([...high.indices]).toEqual([0, 2, 1, 3]);
  });

  it('is turned where it would be a strip', () => {
    // The first layer of a network: 16 outputs of one input.
    const { rows, columns, scale } = tileOf({ shape: [16, 1, 3, 3] });
    expect([rows, columns, scale]).toEqual([3, 48, 8]);
  });

  it('has every weight once', () => {
    const side = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(fc.tuple(side, side, side, side), (shape) => {
        const { rows, columns, indices } = tileOf({ shape });
        expect(rows * columns).toBe(indices.length);
        expect([...indices].sort((a, b) => a - b)).toEqual([...indices.keys()]);
      }),
    );
  });
});

it('paints leading weights, tints of channels that live, and channels that keep nothing', () => {
  const shape = [2, 2];
  const tile = { ...tileOf({ shape }), scale: 6 };
  const tints = Uint8Array.of(10, 20, 30, 40);
  const { width, height, pixels } = paintLayer(
    { shape },
    tile,
    tints,
    Uint8Array.of(0, 1, 0, 0),
    COLOURS,
  );
  expect([width, height]).toEqual([12, 12]);
  const at = (x: number, y: number) => pixels[y * width + x];
  expect([at(0, 0), at(5, 5)]).toEqual([10, 10]);
  expect([at(6, 0), at(11, 5)]).toEqual([1000, 1000]);
  expect([at(0, 6), at(11, 11)]).toEqual([2000, 2000]);
});
