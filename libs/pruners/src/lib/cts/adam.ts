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
  step(values: Float32Array, gradient: Float32Array | Float64Array, rate: number): void {
    this.#steps++;
    const { mean, variance } = this;
    const stepSize = rate / (1 - BETA1 ** this.#steps);
    const correction = Math.sqrt(1 - BETA2 ** this.#steps);
    for (let i = 0; i < values.length; i++) {
      const g = gradient[i]!;
      const m = BETA1 * mean[i]! + (1 - BETA1) * g;
      const v = BETA2 * variance[i]! + (1 - BETA2) * g * g;
      mean[i] = m;
      variance[i] = v;
      values[i]! -= (stepSize * m) / (Math.sqrt(v) / correction + EPSILON);
    }
  }
}
