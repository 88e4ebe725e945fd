import * as tf from '@tensorflow/tfjs-core';

function reshaped(kernelName: string, inputName: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [inputName],
    gradFunc: (dy, [x]) => ({
      [inputName]: () => tf.reshape(dy as tf.Tensor, (x as tf.Tensor).shape),
    }),
  };
}

/** TensorFlow.js hands over a tensor, not an array of one, where an op had one output. */
const all = (dys: tf.Tensor | tf.Tensor[]) => (Array.isArray(dys) ? dys : [dys]);

/** Gradients of what moves numbers without changing them. */
export const shapeGradients: readonly tf.GradConfig[] = [
  reshaped(tf.Reshape, 'x'),
  reshaped(tf.ExpandDims, 'input'),
  {
    kernelName: tf.Transpose,
    gradFunc: (dy, _, attributes) => {
      const { perm } = attributes as unknown as { perm: number[] };
      return {
        x: () => tf.transpose(dy as tf.Tensor, tf.backend_util.getUndoAxesPermutation(perm)),
      };
    },
  },
  {
    kernelName: tf.Concat,
    saveAllInputs: true,
    gradFunc: (dy, saved, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      const along = tf.util.parseAxisParam(axis, (saved[0] as tf.Tensor).shape)[0] as number;
      const sizes = saved.map((x) => x.shape[along] as number);
      const parts = tf.split(dy as tf.Tensor, sizes, along);
      return Object.fromEntries(parts.map((part, i) => [String(i), () => part]));
    },
  },
  {
    kernelName: tf.SplitV,
    gradFunc: (dys, _, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      return { x: () => tf.concat(all(dys), axis) };
    },
  },
  {
    kernelName: tf.Slice,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { shape } = x as tf.Tensor;
      const { begin, size } = attributes as unknown as { begin: number[]; size: number[] };
      const [starts, sizes] = tf.slice_util.parseSliceParams(x as tf.Tensor, begin, size) as [
        number[],
        number[],
      ];
      return {
        x: () =>
          tf.pad(
            dy as tf.Tensor,
            shape.map((n, i) => {
              const start = starts[i] as number;
              return [start, n - start - (sizes[i] as number)];
            }),
          ),
      };
    },
  },
  {
    kernelName: tf.PadV2,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { paddings } = attributes as unknown as { paddings: [number, number][] };
      return {
        x: () =>
          tf.slice(
            dy as tf.Tensor,
            paddings.map(([before]) => before),
            (x as tf.Tensor).shape,
          ),
      };
    },
  },
  {
    kernelName: tf.Pack,
    saveAllInputs: true,
    gradFunc: (dy, _, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      const parts = tf.unstack(dy as tf.Tensor, axis);
      return Object.fromEntries(parts.map((part, i) => [String(i), () => part]));
    },
  },
  {
    kernelName: tf.Unpack,
    gradFunc: (dys, _, attributes) => {
      const { axis } = attributes as unknown as { axis: number };
      return { value: () => tf.stack(all(dys), axis) };
    },
  },
  {
    kernelName: tf.Reverse,
    gradFunc: (dy, _, attributes) => {
      const { dims } = attributes as unknown as { dims: number[] };
      return { x: () => tf.reverse(dy as tf.Tensor, dims) };
    },
  },
  {
    kernelName: tf.Cumsum,
    gradFunc: (dy, _, attributes) => {
      const { axis, exclusive, reverse } = attributes as unknown as {
        axis: number;
        exclusive: boolean;
        reverse: boolean;
      };
      return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
    },
  },
  {
    kernelName: tf.Tile,
    inputsToSave: ['x'],
    gradFunc: (dy, [x], attributes) => {
      const { shape } = x as tf.Tensor;
      const { reps } = attributes as unknown as { reps: number[] };
      // Each axis becomes (repeat, original): the repeats are summed away.
      const split = shape.flatMap((n, i) => [reps[i] as number, n]);
      const repeats = shape.map((_, i) => 2 * i);
      return { x: () => tf.sum(tf.reshape(dy as tf.Tensor, split), repeats) };
    },
  },
];
