import * as tf from '@tensorflow/tfjs-core';
import type { Reading, Scalar, Scalars } from './scalars.ts';

/** What a scalar of a device is. */
export const tensorOf = (x: Scalar) => x as unknown as tf.Scalar;
export const scalarOf = (x: tf.Tensor) => x as unknown as Scalar;

const binary =
  (op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor) =>
  (a: Scalar, b: Scalar): Scalar =>
    scalarOf(op(tensorOf(a), tensorOf(b)));

/** A tensor's numbers, which goes once they are there. `ahead` asks for them at once. */
function readingOfTensor(tensor: tf.Tensor, ahead: boolean): Reading<number[]> {
  const early = ahead ? tensor.data<'float32'>() : undefined;
  // Who waits for it hears what went wrong; else nobody asks.
  early?.catch(() => {});
  const taken = (values: Float32Array) => {
    tensor.dispose();
    return Array.from(values);
  };
  return {
    known: false,
    later: async () => taken(await (early ?? tensor.data<'float32'>())),
    now: () => taken(tensor.dataSync<'float32'>()),
    drop: () => tensor.dispose(),
  };
}

/** Tensors of one number in float32. `ahead`: reads leave with the step, and do not wait for it. */
export function deviceScalars({ ahead }: { readonly ahead: boolean }): Scalars {
  return {
    of: (value) => scalarOf(tf.scalar(value)),
    from: (tensor) => scalarOf(tf.reshape(tensor, [])),
    plus: binary(tf.add),
    times: binary(tf.mul),
    over: binary(tf.div),
    least: binary(tf.minimum),
    root: (a) => scalarOf(tf.sqrt(tensorOf(a))),
    whereAbove0: (a, then, otherwise) =>
      scalarOf(tf.where(tf.greater(tensorOf(a), 0), tensorOf(then), tensorOf(otherwise))),
    keep: (a, before) => {
      if (before !== undefined) tensorOf(before).dispose();
      return scalarOf(tf.keep(tf.clone(tensorOf(a))));
    },
    drop: (kept) => tensorOf(kept).dispose(),
    read: (scalars) =>
      readingOfTensor(
        tf.tidy(() => tf.keep(tf.stack(scalars.map(tensorOf)))),
        ahead,
      ),
  };
}
