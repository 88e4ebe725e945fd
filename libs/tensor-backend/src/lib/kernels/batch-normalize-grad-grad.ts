import type { ArrayKernel } from './array-kernel.ts';
import type { BatchNormalizeAttributes } from './batch-normalize.ts';

export const BATCH_NORMALIZE_GRAD_GRAD = 'WinnowBatchNormalizeGradGrad';

/** Per channel, what the results are linear in; see `coefficients`. */
interface Coefficients {
  /** Towards dy: f · a + crossed · x + dyConstant + e. */
  readonly f: number;
  readonly dyConstant: number;
  /** Towards x: xOfDdx · a + crossed · z + xOfX · x + xConstant. */
  readonly xOfDdx: number;
  readonly xOfX: number;
  readonly xConstant: number;
  /** Of x towards dy, and of z towards x. */
  readonly crossed: number;
  readonly dscale: number;
}

/**
 * With z = dy behind the ReLU, x̂ = (x − μ)v, v = 1/√(variance + ε), f = γv and bars for means over the n rows, a channel of
 * BATCH_NORMALIZE_GRAD is dx = f(z − z̄ − x̂P), P = mean(z x̂); dγ = Σ z x̂; dβ = Σ z. What comes towards them, a, b and c,
 * makes Q = f(Σ a z − n ā z̄ − n A P) + b Σ z x̂ + c Σ z, A = mean(a x̂), whose gradients are linear in a, z and x.
 */
function coefficients(
  n: number,
  [sumA, sumAx, sumZ, sumZx, sumAz]: readonly [number, number, number, number, number],
  [mu, v, gamma]: readonly [number, number, number],
  [b, c]: readonly [number, number],
): Coefficients {
  const f = gamma * v;
  const [meanA, meanZ] = [sumA / n, sumZ / n];
  const A = (v * sumAx) / n; // sums of products with x are with x − μ
  const P = (v * sumZx) / n;
  const D = sumAz - n * (meanA * meanZ + A * P);
  const crossed = v * (b - f * A);
  const meanG = -f * (P * meanA + A * meanZ) + b * meanZ;
  const meanGx = (b - 2 * f * A) * P;
  const xOfX = -v * v * (meanGx + (f * D) / n);
  return {
    f,
    dyConstant: c - f * meanA - mu * crossed,
    xOfDdx: -v * f * P,
    xOfX,
    xConstant: -v * meanG - mu * xOfX,
    crossed,
    dscale: v * D,
  };
}

/**
 * The gradient of BATCH_NORMALIZE_GRAD: its inputs dy, x, y, mean, inverse, scale, shift, what comes towards its outputs,
 * ddx (as x), ddscale and ddshift [channels] and perhaps ddresidual (as x); outputs what goes towards dy and x (as x),
 * mean and inverse being functions of x, and towards scale [channels]. Sums are in float64, in a fixed order.
 */
export const batchNormalizeGradGrad: ArrayKernel<BatchNormalizeAttributes> = {
  name: BATCH_NORMALIZE_GRAD_GRAD,
  outputShapes: ({ x, scale }) => [x, x, scale] as number[][],
  compute(inputs, [towardsDy, towardsX, towardsScale], { relu }) {
    const values = (name: string) => inputs[name]!.values;
    const [dy, x, y, a] = ['dy', 'x', 'y', 'ddx'].map(values) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const e = inputs['ddresidual']?.values;
    const channels = values('scale').length;
    const rows = x.length / channels;
    for (let channel = 0; channel < channels; channel++) {
      const of = (name: string) => values(name)[channel]!;
      const mu = of('mean');
      let [sumA, sumAx, sumZ, sumZx, sumAz] = [0, 0, 0, 0, 0];
      for (let i = channel; i < x.length; i += channels) {
        const z = relu && y[i]! <= 0 ? 0 : dy[i]!;
        const centred = x[i]! - mu;
        sumA += a[i]!;
        sumAx += a[i]! * centred;
        sumZ += z;
        sumZx += z * centred;
        sumAz += a[i]! * z;
      }
      const k = coefficients(
        rows,
        [sumA, sumAx, sumZ, sumZx, sumAz],
        [mu, of('inverse'), of('scale')],
        [of('ddscale'), of('ddshift')],
      );
      towardsScale![channel] = k.dscale;
      for (let i = channel; i < x.length; i += channels) {
        const shut = relu && y[i]! <= 0;
        const z = shut ? 0 : dy[i]!;
        towardsDy![i] = shut ? 0 : k.f * a[i]! + k.crossed * x[i]! + k.dyConstant + (e ? e[i]! : 0);
        towardsX![i] = k.xOfDdx * a[i]! + k.crossed * z + k.xOfX * x[i]! + k.xConstant;
      }
    }
  },
};
