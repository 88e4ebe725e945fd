/** Keeps the expected density of a search at its target by weighing the sparsity gradient against the task's. */
export interface SparsityControl {
  /** κ' */
  readonly targetDensity: number;
  /** The weight λ for a step, from ‖∇_α cR‖₂, ‖∇_α S‖₂ and S(α) before it. */
  weigh(taskNorm: number, sparsityNorm: number, error: number, rate: number): number;
  /** What must be kept for resuming: λ, or nothing before the first step. */
  lambda: number | undefined;
}

const HEADROOM = 1.1;
const SMOOTHING = 0.01;

/**
 * GradBalance (arXiv 2512.07142, §4): λ follows the ratio of the two gradients' norms while the mask is too dense, and 0
 * while it is not.
 */
export class GradBalance implements SparsityControl {
  readonly targetDensity: number;
  lambda: number | undefined;

  constructor(density: number) {
    this.targetDensity = HEADROOM * density;
  }

  weigh(taskNorm: number, sparsityNorm: number, error: number): number {
    const goal = error > 0 ? taskNorm / sparsityNorm : 0;
    this.lambda =
      this.lambda === undefined ? goal : (1 - SMOOTHING) * this.lambda + SMOOTHING * goal;
    return this.lambda;
  }
}

/** Lagrange (the paper's ablation): λ climbs by 0.01 · rate · S after each step. */
export class Lagrange implements SparsityControl {
  readonly targetDensity: number;
  readonly #multiplierRate: number;
  lambda = 0;

  constructor(density: number, multiplierRate: number) {
    this.targetDensity = density;
    this.#multiplierRate = multiplierRate;
  }

  weigh(_taskNorm: number, _sparsityNorm: number, error: number, rate: number): number {
    const used = this.lambda;
    this.lambda += SMOOTHING * this.#multiplierRate * rate * error;
    return used;
  }
}
