import { hostVectors } from '@winnow/tensor-backend';

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba, arXiv 1412.6980) on one vector, with PyTorch's order of operations. */
export class Adam {
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  #steps: number;

  constructor(mean: Float32Array, variance: Float32Array, steps = 0) {
    this.mean = mean;
    this.variance = variance;
    this.#steps = steps;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Changes `values` in place. */
  step(values: Float32Array, gradient: Float64Array, rate: number): void {
    this.#steps++;
    const { mean, variance } = this;
    const stepSize = rate / (1 - BETA1 ** this.#steps);
    const correction = Math.sqrt(1 - BETA2 ** this.#steps);
    const constants = { beta1: BETA1, beta2: BETA2, epsilon: EPSILON };
    hostVectors().adam({ values, mean, variance, gradient, stepSize, correction, ...constants });
  }
}
