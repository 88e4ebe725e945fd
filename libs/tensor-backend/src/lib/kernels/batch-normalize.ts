import { ROWS_AT_ONCE, applyAffine } from './affine.ts';
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

/** Adds each channel's sum and sum of squares of x. */
function addMoments(x: Float32Array, sums: Float64Array, squares: Float64Array): void {
  const channels = sums.length;
  const block = ROWS_AT_ONCE * channels;
  for (let start = 0; start < x.length; start += block) {
    const end = Math.min(x.length, start + block);
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      let square = 0;
      for (let i = start + c; i < end; i += channels) {
        const v = x[i]!;
        sum += v;
        square += v * v;
      }
      sums[c]! += sum;
      squares[c]! += square;
    }
  }
}

/** dz = the gradient behind the ReLU; adds each channel's Σ dz and Σ dz · (x − mean). */
function addGradientMoments(
  dz: Float32Array,
  { dy, x, y }: { dy: Float32Array; x: Float32Array; y: Float32Array },
  mean: Float32Array,
  relu: boolean,
  sums: Float64Array,
  products: Float64Array,
): void {
  const channels = sums.length;
  const block = ROWS_AT_ONCE * channels;
  for (let start = 0; start < x.length; start += block) {
    const end = Math.min(x.length, start + block);
    for (let c = 0; c < channels; c++) {
      const centre = mean[c]!;
      let sum = 0;
      let product = 0;
      for (let i = start + c; i < end; i += channels) {
        const g = relu && y[i]! <= 0 ? 0 : dy[i]!;
        dz[i] = g;
        sum += g;
        product += g * (x[i]! - centre);
      }
      sums[c]! += sum;
      products[c]! += product;
    }
  }
}

/** dx = dz · factor + x · slope + constant */
function combine(
  dx: Float32Array,
  dz: Float32Array,
  x: Float32Array,
  factor: Float64Array,
  slope: Float64Array,
  constant: Float64Array,
): void {
  const channels = factor.length;
  const block = ROWS_AT_ONCE * channels;
  for (let start = 0; start < x.length; start += block) {
    const end = Math.min(x.length, start + block);
    for (let c = 0; c < channels; c++) {
      const a = factor[c]!;
      const b = slope[c]!;
      const k = constant[c]!;
      for (let i = start + c; i < end; i += channels) dx[i] = a * dz[i]! + b * x[i]! + k;
    }
  }
}

/**
 * Inputs x [..., channels], scale [channels], shift [channels] and perhaps residual (as x); outputs
 * y = relu?((x − mean)/√(variance + ε) · scale + shift + residual?), mean [channels] and 1/√(variance + ε) [channels],
 * where mean and the biased variance are the batch's. Sums are in float64, in a fixed order.
 */
export const batchNormalize: ArrayKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE,
  outputShapes: ({ x, scale }) => [x, scale, scale] as number[][],
  compute(inputs, [y, means, inverses], { epsilon, relu }) {
    const x = values(inputs, 'x');
    const scale = values(inputs, 'scale');
    const shift = values(inputs, 'shift');
    const channels = scale.length;
    const sums = new Float64Array(channels);
    const squares = new Float64Array(channels);
    addMoments(x, sums, squares);
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
    applyAffine(y!, x, factor, offset, inputs['residual']?.values, relu);
  },
};

/**
 * Inputs dy, x, y, mean, inverse, scale, shift as above; outputs dx, dscale, dshift and, when `hasResidual`, dresidual.
 */
export const batchNormalizeGrad: ArrayKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE_GRAD,
  outputShapes: ({ x, scale }, { hasResidual }) =>
    [x, scale, scale, ...(hasResidual ? [x] : [])] as number[][],
  compute(inputs, [dx, dscale, dshift, dresidual], { relu }) {
    const [dy, x, y] = ['dy', 'x', 'y'].map((name) => values(inputs, name)) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const mean = values(inputs, 'mean');
    const inverse = values(inputs, 'inverse');
    const scale = values(inputs, 'scale');
    const channels = scale.length;
    const sums = new Float64Array(channels);
    const products = new Float64Array(channels);
    const dz = dresidual ?? dx!;
    addGradientMoments(dz, { dy, x, y }, mean, relu, sums, products);
    const rows = x.length / channels;
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
    combine(dx!, dz, x, factor, slope, constant);
  },
};
