import type { ArrayKernel, KernelInput } from './array-kernel.ts';

export const BATCH_NORMALIZE = 'WinnowBatchNormalize';
export const BATCH_NORMALIZE_GRAD = 'WinnowBatchNormalizeGrad';

export interface BatchNormalizeAttributes {
  readonly epsilon: number;
  readonly relu: boolean;
  readonly hasResidual: boolean;
}

type Inputs = Readonly<Record<string, KernelInput | undefined>>;

function values(inputs: Inputs, name: string): Float32Array {
  return (inputs[name] as KernelInput).values;
}

const ROWS_AT_ONCE = 256;

/**
 * Visits every number of [rows, channels]: blocks of rows that stay in the cache, channel by channel, so that a channel's
 * sums and factors stay in registers. `visit` gets the channel, where to begin and where to end, in steps of `channels`.
 */
function forEachRun(
  length: number,
  channels: number,
  visit: (channel: number, from: number, to: number) => void,
): void {
  const block = ROWS_AT_ONCE * channels;
  for (let start = 0; start < length; start += block) {
    const to = Math.min(length, start + block);
    for (let c = 0; c < channels; c++) visit(c, start + c, to);
  }
}

/**
 * Inputs x [..., channels], scale [channels], shift [channels] and perhaps residual (as x); outputs
 * y = relu?((x − mean)/√(variance + ε) · scale + shift + residual?), mean [channels] and 1/√(variance + ε) [channels],
 * where mean and the biased variance are the batch's. Sums are in float64, in the order of memory.
 */
export const batchNormalize: ArrayKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE,
  outputShapes: ({ x, scale }) => [x, scale, scale] as number[][],
  compute(inputs, [y, means, inverses], { epsilon, relu }) {
    const x = values(inputs, 'x');
    const scale = values(inputs, 'scale');
    const shift = values(inputs, 'shift');
    const residual = inputs['residual']?.values;
    const channels = scale.length;
    const sums = new Float64Array(channels);
    const squares = new Float64Array(channels);
    forEachRun(x.length, channels, (c, from, to) => {
      let sum = 0;
      let square = 0;
      for (let i = from; i < to; i += channels) {
        const v = x[i]!;
        sum += v;
        square += v * v;
      }
      sums[c]! += sum;
      squares[c]! += square;
    });
    const rows = x.length / channels;
    const factor = new Float64Array(channels);
    const offset = new Float64Array(channels);
    for (let c = 0; c < channels; c++) {
      const mean = sums[c]! / rows;
      const inverse = 1 / Math.sqrt(Math.max(0, squares[c]! / rows - mean * mean) + epsilon);
      means![c] = mean;
      inverses![c] = inverse;
      factor[c] = inverse * scale[c]!;
      offset[c] = shift[c]! - mean * factor[c]!;
    }
    forEachRun(x.length, channels, (c, from, to) => {
      const a = factor[c]!;
      const b = offset[c]!;
      for (let i = from; i < to; i += channels) {
        const v = residual ? x[i]! * a + b + residual[i]! : x[i]! * a + b;
        y![i] = relu && v < 0 ? 0 : v; // so that NaN stays NaN
      }
    });
  },
};

/**
 * Inputs dy, x, y, mean, inverse, scale as above; outputs dx, dscale, dshift and, when `hasResidual`, dresidual.
 */
export const batchNormalizeGrad: ArrayKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE_GRAD,
  outputShapes: ({ x, scale }, { hasResidual }) =>
    [x, scale, scale, ...(hasResidual ? [x] : [])] as number[][],
  compute(inputs, [dx, dscale, dshift, dresidual], { relu }) {
    const dy = values(inputs, 'dy');
    const x = values(inputs, 'x');
    const y = values(inputs, 'y');
    const mean = values(inputs, 'mean');
    const inverse = values(inputs, 'inverse');
    const scale = values(inputs, 'scale');
    const channels = scale.length;
    const rows = x.length / channels;
    const sums = new Float64Array(channels);
    const products = new Float64Array(channels);
    // dx holds the gradient behind the ReLU until the second pass.
    const dz = dresidual ?? dx!;
    forEachRun(x.length, channels, (c, from, to) => {
      const centre = mean[c]!;
      let sum = 0;
      let product = 0;
      for (let i = from; i < to; i += channels) {
        const g = relu && y[i]! <= 0 ? 0 : dy[i]!;
        dz[i] = g;
        sum += g;
        product += g * (x[i]! - centre);
      }
      sums[c]! += sum;
      products[c]! += product;
    });
    const factor = new Float64Array(channels);
    const slope = new Float64Array(channels);
    const constant = new Float64Array(channels);
    for (let c = 0; c < channels; c++) {
      dshift![c] = sums[c]!;
      dscale![c] = products[c]! * inverse[c]!;
      factor[c] = scale[c]! * inverse[c]!;
      slope[c] = (-factor[c]! * inverse[c]! * inverse[c]! * products[c]!) / rows;
      constant[c] = (-factor[c]! * sums[c]!) / rows - slope[c]! * mean[c]!;
    }
    forEachRun(x.length, channels, (c, from, to) => {
      const a = factor[c]!;
      const b = slope[c]!;
      const k = constant[c]!;
      for (let i = from; i < to; i += channels) dx![i] = a * dz[i]! + b * x[i]! + k;
    });
  },
};
