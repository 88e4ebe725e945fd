import { type Direction, type Vector, vectors } from '@winnow/tensor-backend';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba, arXiv 1412.6980) on one vector, with PyTorch's order of operations. */
export class Adam {
  readonly mean: Vector;
  readonly variance: Vector;

  constructor(size: number) {
    this.mean = vectors().zeros(size);
    this.variance = vectors().zeros(size);
  }

  /** The step of this number, counted from 1. Changes `values` in place. */
  step(values: Vector, direction: Direction, rate: number, number: number): void {
    const { mean, variance } = this;
    const stepSize = rate / (1 - BETA1 ** number);
    const correction = Math.sqrt(1 - BETA2 ** number);
    const rates = { stepSize, correction, beta1: BETA1, beta2: BETA2, epsilon: EPSILON };
    vectors().adam({ values, mean, variance, direction }, rates);
  }

  /** By how much each value goes on with the step of this number, whatever gradient that has: along the mean before it. */
  drift(rate: number, number: number): Float64Array {
    const mean = this.mean.read();
    const correction = Math.sqrt(1 - BETA2 ** number);
    return Float64Array.from(
      this.variance.read(),
      (v, i) => (-rate * mean[i]!) / (Math.sqrt(v) / correction + EPSILON),
    );
  }

  dispose(): void {
    this.mean.dispose();
    this.variance.dispose();
  }
}
