import * as tf from '@tensorflow/tfjs-core';
import { offTape } from '../off-tape.ts';

/** Spreads a reduced tensor over the shape that it was reduced from. */
function spread(reduced: tf.Tensor, shape: number[], axes: number[]): tf.Tensor {
  const kept = tf.backend_util.expandShapeToKeepDim(
    shape.filter((_, i) => !axes.includes(i)),
    axes,
  );
  return tf.mul(tf.reshape(reduced, kept), tf.fill(shape, 1));
}

function axesOf(attributes: unknown, shape: number[]): number[] {
  const { axis } = attributes as { axis: number | number[] };
  return tf.util.parseAxisParam(axis, shape);
}

function extremum(kernelName: string, inputName: string, reduce: typeof tf.max): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [inputName],
    gradFunc: (dy, [saved], attributes) => {
      const x = saved as tf.Tensor;
      const { reductionIndices, axis } = attributes as unknown as Record<string, number | number[]>;
      const axes = tf.util.parseAxisParam((reductionIndices ?? axis) as number[], x.shape);
      return {
        [inputName]: () => {
          const hit = offTape(() => tf.cast(tf.equal(x, reduce(x, axes, true)), 'float32'));
          return tf.mul(spread(dy as tf.Tensor, x.shape, axes), hit);
        },
      };
    },
  };
}

export const reductionGradients: readonly tf.GradConfig[] = [
  {
    kernelName: tf.Sum,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { shape } = x as tf.Tensor;
      return { x: () => spread(dy as tf.Tensor, shape, axesOf(attributes, shape)) };
    },
  },
  {
    kernelName: tf.Mean,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { shape } = x as tf.Tensor;
      const axes = axesOf(attributes, shape);
      const count = axes.reduce((product, axis) => product * (shape[axis] as number), 1);
      return { x: () => tf.div(spread(dy as tf.Tensor, shape, axes), count) };
    },
  },
  extremum(tf.Max, 'x', tf.max),
  extremum(tf.Min, 'x', tf.min),
  {
    kernelName: tf.Softmax,
    inputsToSave: ['logits'],
    gradFunc: (dy, [logits], attributes) => ({
      logits: () => {
        const { dim } = attributes as unknown as { dim: number };
        const y = tf.softmax(logits as tf.Tensor, dim);
        const product = tf.mul(dy as tf.Tensor, y);
        return tf.sub(product, tf.mul(tf.sum(product, [dim], true), y));
      },
    }),
  },
];
