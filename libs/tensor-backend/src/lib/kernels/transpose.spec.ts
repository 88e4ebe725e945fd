import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { cpu } from '../backends/cpu.ts';

beforeAll(() => cpu.start());

const permuted = fc
  .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 5 })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      perm: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
    }),
  );

/** The index into row-major numbers of this shape. */
const placeOf = (at: readonly number[], shape: readonly number[]) =>
  at.reduce((place, i, axis) => place * shape[axis]! + i, 0);

describe('transpose on cpu', () => {
  it('puts each number where its indices go', () => {
    fc.assert(
      fc.property(permuted, ({ shape, perm }) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const x = tf.tensor(
          Float32Array.from({ length: size }, (_, i) => i),
          shape,
        );
        const y = tf.transpose(x, perm);
        const numbers = y.dataSync();
        expect(y.shape).toEqual(perm.map((axis) => shape[axis]));
        for (let place = 0; place < size; place++) {
          let rest = place;
          const at = [...shape]
            .reverse()
            .map((n) => {
              const i = rest % n;
              rest = (rest - i) / n;
              return i;
            })
            .reverse();
          expect(
            numbers[
              placeOf(
                perm.map((axis) => at[axis]!),
                y.shape,
              )
            ],
          ).toBe(place);
        }
        tf.dispose([x, y]);
      }),
    );
  });

  it('keeps whole numbers', () => {
    const y = tf.transpose(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3], 'int32'));
    expect([y.dtype, ...y.dataSync()]).toEqual(['int32', 1, 4, 2, 5, 3, 6]);
  });
});
