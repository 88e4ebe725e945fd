import * as tf from '@tensorflow/tfjs-core';

interface Heap extends tf.KernelBackend {
  makeOutput(shape: readonly number[], dtype: 'int32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Int32Array;
}

/** Rows of x [batch · outer · dim, slice] that a gather of x [batch, outer, dim, slice] takes, in order. */
function foldedRows(indices: tf.TypedArray, batch: number, outer: number, dim: number): number[] {
  const each = indices.length / batch;
  const rows: number[] = [];
  for (let block = 0; block < batch * outer; block++) {
    const from = Math.floor(block / outer) * each;
    for (const index of indices.subarray(from, from + each)) rows.push(block * dim + index);
  }
  return rows;
}

/**
 * `tf.gather` of `wasm`, with the batch folded into the indices: its own takes the number of batches for that of indices,
 * and returns other memory (TensorFlow.js 4.22). To be asked for once its own kernel is there.
 */
export function batchedGather(): tf.KernelConfig {
  const own = tf.getKernel(tf.GatherV2, 'wasm');
  const kernelFunc: tf.KernelFunc = (call) => {
    const { axis, batchDims } = call.attrs as unknown as { axis: number; batchDims: number };
    if (batchDims === 0) return own.kernelFunc(call);
    const heap = call.backend as Heap;
    const [x, indices] = [
      call.inputs['x'] as tf.TensorInfo,
      call.inputs['indices'] as tf.TensorInfo,
    ];
    const along = tf.util.parseAxisParam(axis, x.shape)[0]!;
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      tf.backend_util.segment_util.collectGatherOpShapeInfo(x, indices, along, batchDims);
    const given = heap.readSync(indices.dataId) as tf.TypedArray;
    const outside = given.find((index) => index < 0 || index >= dimSize);
    if (outside !== undefined)
      throw new Error(`GatherV2: the index ${outside} is not in [0, ${dimSize - 1}].`);
    const rows = foldedRows(given, batchSize, outerSize, dimSize);
    const folded = heap.makeOutput([rows.length], 'int32');
    heap.typedArrayFromHeap(folded).set(rows);
    const out = own.kernelFunc({
      ...call,
      inputs: {
        x: { ...x, shape: [batchSize * outerSize * dimSize, sliceSize] },
        indices: folded,
      },
      attrs: { axis: 0, batchDims: 0 },
    }) as tf.TensorInfo;
    heap.disposeData(folded.dataId);
    return { ...out, shape: outputShape };
  };
  return { ...own, kernelFunc };
}
