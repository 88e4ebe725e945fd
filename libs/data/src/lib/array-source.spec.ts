import { describe, expect, it } from '@jest/globals';
import { arraySource } from './array-source.ts';

// Two images [1, 3, 2]: pixel x of image i is (100 i + x, 10 x).
const pixels = Uint8Array.of(0, 0, 1, 10, 2, 20, 100, 0, 101, 10, 102, 20);
const labels = Int32Array.of(4, 7);
const shape = { height: 1, width: 3, channels: 2 };

describe('arraySource', () => {
  it('reads in the order of the indices, each channel normalised', async () => {
    const normalization = { mean: [100, 10], std: [0.5, 4] };
    const block = await arraySource({ pixels, labels, shape, normalization }).read([1, 0, 1]);
    const second = [0, -2.5, 2, 0, 4, 2.5];
    expect([...block.images]).toEqual([...second, -200, -2.5, -198, 0, -196, 2.5, ...second]);
    expect([...block.labels]).toEqual([7, 4, 7]);
  });

  it('augments each image by the draws of its position, and only with draws', async () => {
    const augmentation = { padding: 0, flip: true };
    const source = arraySource({ pixels, labels, shape, augmentation });
    const draws = (position: number) => Float32Array.of(position === 1 ? 0.1 : 0.9, 0, 0);
    const asIs = [0, 0, 1, 10, 2, 20];
    const flipped = [2, 20, 1, 10, 0, 0];
    expect([...(await source.read([0, 0, 0], draws)).images]).toEqual([
      ...asIs,
      ...flipped,
      ...asIs,
    ]);
    expect([...(await source.read([0])).images]).toEqual(asIs);
    expect([
      ...(await arraySource({ pixels, labels, shape }).read([0], () => Float32Array.of(0, 0, 0)))
        .images,
    ]).toEqual(asIs);
  });

  it('refuses pixels that do not fit the labels, and indices outside', async () => {
    expect(() => arraySource({ pixels, labels: Int32Array.of(1), shape })).toThrow(RangeError);
    const source = arraySource({ pixels, labels, shape });
    await expect(source.read([2])).rejects.toThrow(RangeError);
    await expect(source.read([-1])).rejects.toThrow(RangeError);
    await expect(source.read([0.5])).rejects.toThrow(RangeError);
  });

  // Images of one row: no border can be reflected without repeating it.
  it.each([
    [
      'one mean and one deviation for two channels',
      { normalization: { mean: [1], std: [1] } },
      'A mean of 1 and a deviation of 1 channels for images of 2.',
    ],
    [
      'a deviation of 0',
      { normalization: { mean: [1, 1], std: [1, 0] } },
      "A channel's deviation is 0, not above 0.",
    ],
    [
      'a border as wide as the image',
      { augmentation: { padding: 1, flip: false } },
      'A padding of 1 for images of height 1 and width 3.',
    ],
    [
      'half a pixel of a border',
      { augmentation: { padding: 0.5, flip: false } },
      'A padding of 0.5 for images of height 1 and width 3.',
    ],
  ])('refuses %s', (_, wrong, message) => {
    expect(() => arraySource({ pixels, labels, shape, ...wrong })).toThrow(new RangeError(message));
  });
});
