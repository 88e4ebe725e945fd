import { type Scalar, vectors } from '@winnow/tensor-backend';

/** Keeps the expected density of a search at its target by weighing the sparsity gradient against the task's. */
export interface SparsityControl {
  /** κ' */
  readonly targetDensity: number;
  /** The weight λ for a step, from ‖∇_α cR‖₂, ‖∇_α S‖₂ and S(α) before it. Call it within a `tf.tidy`. */
  weigh(taskNorm: Scalar, sparsityNorm: Scalar, error: Scalar, rate: number): Scalar;
  /** What must be kept for resuming: λ, or nothing before the first step. */
  lambda: number | undefined;
  dispose(): void;
}

const HEADROOM = 1.1;
const SMOOTHING = 0.01;

/** A λ that stays where the backend computes. */
export abstract class KeptMultiplier {
  /** Until it is first weighed with. */
  #given: number | undefined;
  #kept: Scalar | undefined;

  constructor(given?: number) {
    this.#given = given;
  }

  /** Beyond a change of it, too. */
  protected before(): Scalar | undefined {
    const { of, plus } = vectors().scalars;
    // On the host a scalar is a number, and may be 0.
    if (this.#kept !== undefined) return plus(this.#kept, of(0));
    return this.#given === undefined ? undefined : of(this.#given);
  }

  protected keep(lambda: Scalar): void {
    this.#kept = vectors().scalars.keep(lambda, this.#kept);
  }

  get lambda(): number | undefined {
    if (this.#kept === undefined) return this.#given;
    return vectors().scalars.read([this.#kept]).now()[0];
  }

  set lambda(lambda: number | undefined) {
    this.dispose();
    this.#given = lambda;
  }

  dispose(): void {
    if (this.#kept !== undefined) vectors().scalars.drop(this.#kept);
    this.#kept = undefined;
  }
}

/**
 * GradBalance (arXiv 2512.07142, §4): λ follows the ratio of the two gradients' norms while the mask is too dense, and 0
 * while it is not.
 */
export class GradBalance extends KeptMultiplier implements SparsityControl {
  readonly targetDensity: number;

  constructor(density: number) {
    super();
    this.targetDensity = HEADROOM * density;
  }

  weigh(taskNorm: Scalar, sparsityNorm: Scalar, error: Scalar): Scalar {
    const { of, over, plus, times, whereAbove0 } = vectors().scalars;
    const goal = whereAbove0(error, over(taskNorm, sparsityNorm), of(0));
    const before = this.before();
    const lambda =
      before === undefined
        ? goal
        : plus(times(of(1 - SMOOTHING), before), times(of(SMOOTHING), goal));
    this.keep(lambda);
    return lambda;
  }
}

/** Lagrange (the paper's ablation): λ climbs by 0.01 · rate · S after each step. */
export class Lagrange extends KeptMultiplier implements SparsityControl {
  readonly targetDensity: number;
  readonly #multiplierRate: number;

  constructor(density: number, multiplierRate: number) {
    super(0);
    this.targetDensity = density;
    this.#multiplierRate = multiplierRate;
  }

  weigh(_taskNorm: Scalar, _sparsityNorm: Scalar, error: Scalar, rate: number): Scalar {
    const { of, plus, times } = vectors().scalars;
    const used = this.before()!;
    this.keep(plus(used, times(of(SMOOTHING * this.#multiplierRate * rate), error)));
    return used;
  }
}
