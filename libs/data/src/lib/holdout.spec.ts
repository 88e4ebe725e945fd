import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arraySource } from './array-source.ts';
import { firstImages, heldOut, holdOut } from './holdout.ts';
import { subset } from './subset.ts';

/** One pixel an image, which is its index. */
function numbered(labels: Int32Array) {
  const pixels = Float32Array.from(labels.keys());
  return arraySource({ pixels, labels, shape: { height: 1, width: 1, channels: 1 } });
}

async function indicesOf(source: ReturnType<typeof numbered>): Promise<number[]> {
  return [...(await source.read([...source.labels.keys()])).images];
}

const anyLabels = fc
  .array(fc.nat({ max: 4 }), { minLength: 10, maxLength: 200 })
  .map((labels) => Int32Array.from(labels));

describe('holdOut', () => {
  it('takes the last tenth of every class', async () => {
    const labels = Int32Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1));
    const { validation } = holdOut(numbered(labels));
    expect(await indicesOf(validation)).toEqual([18, 19, 38, 39]);
    expect([...validation.labels]).toEqual([0, 0, 1, 1]);
  });

  it('refuses to hold nothing out', () => {
    expect(() => holdOut(numbered(new Int32Array(9)), 'photos')).toThrow(
      expect.objectContaining({
        code: 'BAD_DATA',
        message: expect.stringMatching(/photos has 9 training images, too few/) as unknown,
      }),
    );
  });

  it('puts every image in one part, in file order, each class in its share', async () => {
    await fc.assert(
      fc.asyncProperty(anyLabels, async (labels) => {
        const { train, validation } = holdOut(numbered(labels));
        const [kept, held] = [await indicesOf(train), await indicesOf(validation)];
        expect(held).toHaveLength(Math.floor(labels.length / 10));
        expect([...kept, ...held].sort((a, b) => a - b)).toEqual([...labels.keys()]);
        expect(kept).toEqual(kept.toSorted((a, b) => a - b));
        const classes = new Set(labels).size;
        for (const label of new Set(labels)) {
          const size = labels.filter((l) => l === label).length;
          const share = (held.length * size) / labels.length;
          const taken = held.filter((i) => labels[i] === label).length;
          // Rounding in this class, and its part of the rounding in all of them.
          const rounding = 0.5 + (0.5 * classes * size) / labels.length;
          expect(Math.abs(taken - share)).toBeLessThanOrEqual(rounding + 1e-9);
        }
      }),
    );
  });
});

describe('heldOut', () => {
  it('takes as many as are asked for, of those that there are', () => {
    expect([...heldOut(new Int32Array(4), 'photos', 3).held]).toEqual([1, 2, 3]);
    for (const count of [5, 2.5, NaN])
      expect(() => heldOut(new Int32Array(4), 'photos', count)).toThrow(
        new RangeError(`Cannot hold out ${count} of the 4 images of photos.`),
      );
  });
});

describe('firstImages', () => {
  it('refuses a number below 0', () => {
    for (const count of [-5, NaN])
      expect(() => firstImages(numbered(new Int32Array(9)), count)).toThrow(
        new RangeError(`There are no first ${count} images.`),
      );
  });

  it('takes the first of every class, more of the larger ones', async () => {
    const source = numbered(Int32Array.of(0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0));
    expect(await indicesOf(firstImages(source, 3))).toEqual([0, 1, 4]);
    expect(await indicesOf(firstImages(source, 6))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(firstImages(source, 99).length).toBe(12);
  });

  it('grows by adding images', async () => {
    await fc.assert(
      fc.asyncProperty(anyLabels, fc.nat(200), async (labels, count) => {
        const larger = await indicesOf(firstImages(numbered(labels), count + 1));
        const smaller = await indicesOf(firstImages(numbered(labels), count));
        expect(larger).toEqual(expect.arrayContaining(smaller));
      }),
    );
  });
});

describe('subset', () => {
  it('reads the chosen images and no others', async () => {
    const source = numbered(Int32Array.of(5, 6, 7));
    const view = subset(source, Int32Array.of(2, 0));
    expect((await view.read([1, 0, 1])).images).toEqual(Float32Array.of(0, 2, 0));
    await expect(view.read([2])).rejects.toThrow(RangeError);
  });
});
