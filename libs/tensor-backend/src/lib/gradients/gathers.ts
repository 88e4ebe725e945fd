import * as tf from '@tensorflow/tfjs-core';
import { offTape } from '../off-tape.ts';

const none = (indices: tf.Tensor) => () => tf.zeros(indices.shape);

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** Rows [rows, width] added up at their indices [rows] in [height, width]. */
function addUpRows(rows: tf.Tensor, indices: tf.Tensor, height: number): tf.Tensor {
  const at = tf.expandDims(indices, 1);
  return tf.scatterND(at, rows, [height, rows.shape[1] as number]);
}

/** The slope of `tf.gather`, towards x [batch…, outer…, n, inner…], for indices [batch…, taken…]. */
function gatherSlope(
  dy: tf.Tensor,
  x: tf.Tensor,
  indices: tf.Tensor,
  axis: number,
  batchDims: number,
) {
  const batch = batchDims < 0 ? batchDims + indices.rank : batchDims;
  const batchShape = x.shape.slice(0, batch);
  const outer = x.shape.slice(batch, axis);
  const n = x.shape[axis] as number;
  const inner = x.shape.slice(axis + 1);
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

  // As rows: what is taken comes before what goes along.
  const taken = indices.rank - batch;
  const toRows = [
    ...range(0, batch),
    ...range(axis, taken),
    ...range(batch, outer.length),
    ...range(axis + taken, inner.length),
  ];
  const rows = tf.reshape(tf.transpose(dy, toRows), [indices.size, product([...outer, ...inner])]);
  const places = offTape(() => {
    const batches = product(batchShape);
    const starts = tf.mul(tf.range(0, batches, 1, 'int32'), tf.scalar(n, 'int32'));
    const perBatch = tf.reshape(tf.cast(indices, 'int32'), [batches, indices.size / batches]);
    return tf.reshape(tf.add(perBatch, tf.expandDims(starts, 1)), [-1]);
  });
  const sums = addUpRows(rows, places, product(batchShape) * n);
  return tf.transpose(tf.reshape(sums, [...batchShape, n, ...outer, ...inner]), [
    ...range(0, batch),
    ...range(batch + 1, outer.length),
    batch,
    ...range(axis + 1, inner.length),
  ]);
}

/** Gradients of what takes numbers out by index, and of the sums that are their slopes. */
export const gatherGradients: readonly tf.GradConfig[] = [
  {
    kernelName: tf.GatherV2,
    inputsToSave: ['x', 'indices'],
    gradFunc: (dy, saved, attributes) => {
      const [x, indices] = saved as [tf.Tensor, tf.Tensor];
      const { axis, batchDims } = attributes as unknown as { axis: number; batchDims: number };
      const along = tf.util.parseAxisParam(axis, x.shape)[0] as number;
      return {
        x: () => gatherSlope(dy as tf.Tensor, x, indices, along, batchDims),
        indices: none(indices),
      };
    },
  },
  {
    kernelName: tf.GatherNd,
    inputsToSave: ['params', 'indices'],
    gradFunc: (dys, saved) => {
      const dy = dys as tf.Tensor;
      const [params, indices] = saved as [tf.Tensor, tf.Tensor];
      return {
        params: () =>
          // One place alone has no axis of its own, which a scatter needs.
          indices.rank === 1
            ? tf.scatterND(tf.expandDims(indices), tf.expandDims(dy), params.shape)
            : tf.scatterND(indices, dy, params.shape),
        indices: none(indices),
      };
    },
  },
  {
    kernelName: tf.ScatterNd,
    inputsToSave: ['indices'],
    gradFunc: (dy, saved) => {
      const indices = saved[0] as tf.Tensor;
      return {
        updates: () => tf.gatherND(dy as tf.Tensor, indices),
        indices: none(indices),
      };
    },
  },
  {
    kernelName: tf.TopK,
    inputsToSave: ['x'],
    gradFunc: (dys, saved, attributes) => {
      const x = saved[0] as tf.Tensor;
      const { k, sorted } = attributes as unknown as { k: number; sorted: boolean };
      const [dy] = dys as (tf.Tensor | null)[];
      return {
        x: () => {
          if (!dy) return tf.zerosLike(x);
          const { indices } = offTape(() => tf.topk(x, k, sorted));
          return gatherSlope(dy, x, indices, x.rank - 1, x.rank - 1);
        },
      };
    },
  },
];
