import * as tf from '@tensorflow/tfjs-core';
import { replaceKernel } from './kernels/array-kernel.ts';
import { PROGRAM, PROGRAM_GRADIENT, type ProgramAttributes } from './programs/program-op.ts';

interface Call {
  readonly inputs: Readonly<Record<string, { readonly shape: readonly number[] }>>;
  readonly attrs: { readonly filterShape?: readonly number[] } & Partial<ProgramAttributes>;
  readonly output: readonly number[];
}

const sizeOf = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

/** A filter [height, width, in, out] for every place of the images that it makes, padding included. */
const convolution = (made: readonly number[], filter: readonly number[]) =>
  sizeOf(made) * sizeOf(filter.slice(0, 3));

/** A filter [height, width, in, multiplier] makes each value from one channel. */
const depthwise = (made: readonly number[], [height, width]: readonly number[]) =>
  sizeOf(made) * height! * width!;

/** Each value adds up as many products as there are along the one side of `a` that is not the output's; of none there are none. */
function matrixProduct({ inputs, output }: Call): number {
  const values = sizeOf(output);
  return values && (values * sizeOf(inputs['a']!.shape.slice(-2))) / output.at(-2)!;
}

const shapeOf = ({ inputs }: Call, name: string) => inputs[name]!.shape;
const forward = (count: typeof convolution) => (call: Call) =>
  count(call.output, shapeOf(call, 'filter'));
const towardsImages = (count: typeof convolution) => (call: Call) =>
  count(shapeOf(call, 'dy'), shapeOf(call, 'filter'));
const towardsFilter = (count: typeof convolution) => (call: Call) =>
  count(shapeOf(call, 'dy'), call.attrs.filterShape!);

const COUNTS: Readonly<Record<string, (call: Call) => number>> = {
  [tf.Conv2D]: forward(convolution),
  [tf.FusedConv2D]: forward(convolution),
  [tf.Conv2DBackpropInput]: towardsImages(convolution),
  [tf.Conv2DBackpropFilter]: towardsFilter(convolution),
  [tf.DepthwiseConv2dNative]: forward(depthwise),
  [tf.FusedDepthwiseConv2D]: forward(depthwise),
  [tf.DepthwiseConv2dNativeBackpropInput]: towardsImages(depthwise),
  [tf.DepthwiseConv2dNativeBackpropFilter]: towardsFilter(depthwise),
  [tf.BatchMatMul]: matrixProduct,
  [tf._FusedMatMul]: matrixProduct,
  [PROGRAM]: ({ attrs }) => attrs.multiplyAdds!.run,
  [PROGRAM_GRADIENT]: ({ attrs }) => attrs.multiplyAdds!.gradient,
};

/** What one op takes; `undefined` for ops that are not counted. */
export function multiplyAddsOf(kernelName: string, call: Call): number | undefined {
  return COUNTS[kernelName]?.(call);
}

let total = 0;
/** How many counted kernels are at work: one that calls another has counted its work already. */
let depth = 0;

/**
 * Multiply-adds of all convolutions and matrix products, and of their gradients, since the process began, on any backend:
 * what the plain method takes for their shapes, zeros of masks and padding included; of programs, what their kept weights
 * take.
 */
export function multiplyAddsSoFar(): number {
  return total;
}

/** Makes a backend's kernels count. */
export function countMultiplyAdds(backendName: string): void {
  for (const [kernelName, count] of Object.entries(COUNTS)) {
    const kernel = tf.getKernel(kernelName, backendName);
    // `getKernel` is typed as if every backend had every kernel.
    if (!(kernel as tf.KernelConfig | undefined)) continue;
    const kernelFunc: tf.KernelFunc = (call) => {
      depth++;
      try {
        const output = kernel.kernelFunc(call);
        const made = (Array.isArray(output) ? output[0]! : output).shape;
        if (depth === 1) total += count({ ...call, output: made } as unknown as Call);
        return output;
      } finally {
        depth--;
      }
    };
    replaceKernel({ ...kernel, kernelFunc });
  }
}
