import * as tf from '@tensorflow/tfjs-core';
import type { ComposedKernel } from './composed-kernel.ts';

type Inputs = Readonly<Record<string, tf.Tensor>>;

/** A kernel of TensorFlow.js's with other inputs and attributes. */
function given(
  kernelName: string,
  change: (inputs: Inputs, attributes: tf.NamedAttrMap) => { inputs?: Inputs; attrs?: object },
): tf.KernelConfig {
  const own = tf.getKernel(kernelName, 'tensorflow');
  const kernelFunc: tf.KernelFunc = (call) =>
    tf.tidy(() => {
      const changed = change(call.inputs as unknown as Inputs, call.attrs!);
      return own.kernelFunc({ ...call, ...changed } as unknown as typeof call) as tf.Tensor;
    });
  return { ...own, kernelFunc };
}

const as = (dtype: 'float32' | 'int32', { x }: Inputs) => ({ inputs: { x: tf.cast(x!, dtype) } });

/**
 * TensorFlow.js's kernels on TensorFlow that ask for more than the core of TensorFlow.js is: for methods of tensors, which
 * it has no more, for axes that are counted from the front, or for indices in two dimensions.
 */
export function tensorflowInputs(): tf.KernelConfig[] {
  return [
    given(tf.Exp, (inputs) => as('float32', inputs)),
    ...[tf.ArgMax, tf.ArgMin].map((name) =>
      given(name, (inputs) => (inputs['x']!.dtype === 'bool' ? as('int32', inputs) : {})),
    ),
    given(tf.GatherV2, ({ x, indices }, { axis, batchDims }) => ({
      attrs: {
        axis: tf.util.parseAxisParam(axis as number, x!.shape)[0],
        batchDims: (batchDims as number) + ((batchDims as number) < 0 ? indices!.rank : 0),
      },
    })),
    given(tf.ScatterNd, ({ indices, updates }) =>
      indices!.rank === 1
        ? { inputs: { indices: tf.expandDims(indices!, 1), updates: updates! } }
        : {},
    ),
  ];
}

/** Two that are made anew: one calls methods of tensors too, and TensorFlow.js gives NaN the sign 0. */
export const tensorflowAnew: readonly ComposedKernel<never>[] = [
  {
    name: tf.Prelu,
    compute: ({ x, alpha }) => tf.add(tf.relu(x!), tf.mul(alpha!, tf.minimum(x!, 0))),
  },
  {
    name: tf.Sign,
    compute: ({ x }) => {
      const is = (which: tf.Tensor) => tf.cast(which, x!.dtype);
      return tf.sub(is(tf.greater(x!, 0)), is(tf.less(x!, 0)));
    },
  },
];
