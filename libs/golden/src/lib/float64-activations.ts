import type { GraphLayer } from '@winnow/plugin-api';

/** A function of each number by itself. */
export interface Activation {
  readonly value: (x: number) => number;
  readonly slope: (x: number) => number;
  /** How near x is to where the slope jumps. */
  readonly margin: (x: number) => number;
}

/** Φ(x) of the normal distribution by its series ½ + φ(x) Σ x²ⁿ⁺¹ / (1 · 3 ⋯ (2n + 1)), exact to about 1e-15. */
function normalDistribution(x: number): number {
  if (Math.abs(x) > 9) return x > 0 ? 1 : 0;
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (x * x) / (2 * n + 1);
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** What an activation does to each number, in plain float64. */
export function activationOf(
  layer: Extract<
    GraphLayer,
    {
      readonly op: 'leaky-relu' | 'relu6' | 'gelu' | 'tanh' | 'sigmoid' | 'elu' | 'silu' | 'affine';
    }
  >,
): Activation {
  switch (layer.op) {
    case 'leaky-relu': {
      const slope = (x: number) => (x > 0 ? 1 : layer.slope);
      return { value: (x) => slope(x) * x, slope, margin: Math.abs };
    }
    case 'relu6':
      return {
        value: (x) => Math.min(Math.max(x, 0), 6),
        slope: (x) => (x > 0 && x < 6 ? 1 : 0),
        margin: (x) => Math.min(Math.abs(x), Math.abs(x - 6)),
      };
    case 'tanh':
      return { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2, margin: () => Infinity };
    case 'sigmoid':
      return { value: logistic, slope: (x) => logistic(x) * logistic(-x), margin: () => Infinity };
    case 'elu':
      return {
        value: (x) => (x > 0 ? x : Math.expm1(x)),
        slope: (x) => (x > 0 ? 1 : Math.exp(x)),
        margin: () => Infinity,
      };
    case 'silu':
      return {
        value: (x) => x * logistic(x),
        slope: (x) => logistic(x) * (1 + x * logistic(-x)),
        margin: () => Infinity,
      };
    case 'affine':
      return {
        value: (x) => x * layer.factor + layer.offset,
        slope: () => layer.factor,
        margin: () => Infinity,
      };
    case 'gelu':
      return {
        value: (x) => x * normalDistribution(x),
        slope: (x) => normalDistribution(x) + x * normalDensity(x),
        margin: () => Infinity,
      };
  }
}
