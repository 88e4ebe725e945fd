import { describe, expect, it } from '@jest/globals';
import type { RandomStream } from '@winnow/plugin-api';
import fc from 'fast-check';
import {
  type BatchRange,
  augmentationDraws,
  epochOrder,
  evaluationBatches,
  toDevice,
  trainingBatches,
} from './batches.ts';
import { TrainingOrder } from './training-order.ts';

const pairs = (ranges: BatchRange[]) => ranges.map(({ start, end }) => [start, end]);

// Draws that tell what was asked for.
const stream: RandomStream = {
  uniforms: (count, counter) =>
    Float32Array.of(count, Math.floor(counter / 2 ** 26), counter % 2 ** 26),
  normals: () => new Float32Array(),
  permutation: (count, counter) => Int32Array.of(count, counter),
};

describe('trainingBatches', () => {
  it('uses a smaller last batch, but none of one example', () => {
    expect(pairs(trainingBatches(8, 4))).toEqual([[0, 4], [4, 8]]); // prettier-ignore
    expect(pairs(trainingBatches(9, 4))).toEqual([[0, 4], [4, 9]]); // prettier-ignore
    expect(pairs(trainingBatches(10, 4))).toEqual([[0, 4], [4, 8], [8, 10]]); // prettier-ignore
    expect(pairs(trainingBatches(3, 4))).toEqual([[0, 3]]);
    expect(trainingBatches(45_000, 512)).toHaveLength(88);
  });
});

describe('evaluationBatches', () => {
  it('joins the remainder to the last full batch', () => {
    expect(pairs(evaluationBatches(8, 4))).toEqual([[0, 4], [4, 8]]); // prettier-ignore
    expect(pairs(evaluationBatches(11, 4))).toEqual([[0, 4], [4, 11]]); // prettier-ignore
    expect(pairs(evaluationBatches(3, 4))).toEqual([[0, 3]]);
    expect(pairs(evaluationBatches(10_000, 512)).at(-1)).toEqual([9216, 10_000]);
  });
});

it('batches hold every example once, and never one alone', () => {
  const sizes = [fc.integer({ min: 2, max: 300 }), fc.integer({ min: 2, max: 40 })] as const;
  fc.assert(
    fc.property(...sizes, (length, batchSize) => {
      for (const batches of [
        trainingBatches(length, batchSize),
        evaluationBatches(length, batchSize),
      ]) {
        let at = 0;
        for (const { start, end } of batches) {
          expect(start).toBe(at);
          expect(end - start).toBeGreaterThanOrEqual(2);
          at = end;
        }
        expect(at).toBe(length);
      }
    }),
  );
});

it.each([undefined, NaN, 0, -1, 1.5])('batches of %s images are refused', (batchSize) => {
  const refused = expect.objectContaining({
    code: 'INVALID_OPTION',
    sentence: `The batch size is ${batchSize}.`,
  });
  for (const batches of [trainingBatches, evaluationBatches])
    expect(() => batches(10, batchSize as number)).toThrow(refused);
  expect(() => new TrainingOrder(10, batchSize as number, stream)).toThrow(refused);
});

it('refuses images of another size than the network takes', () => {
  const block = { images: new Float32Array(2 * 784), labels: new Int32Array(2) };
  expect(() => toDevice(block, { height: 32, width: 32, channels: 3 })).toThrow(
    expect.objectContaining({
      code: 'BAD_DATA',
      message: expect.stringContaining('784 numbers each, and the network takes 32×32×3'),
    }),
  );
});

describe('random numbers', () => {
  it('shuffle by epoch', () => {
    expect([...epochOrder(50, stream, 3)]).toEqual([50, 3]);
  });

  it('augment by epoch and image, whatever the batch', () => {
    expect([...augmentationDraws(stream, 2, [7, 3])(1)]).toEqual([24, 2, 3]);
    expect([...augmentationDraws(stream, 2, Int32Array.of(3))(0)]).toEqual([24, 2, 3]);
  });
});
