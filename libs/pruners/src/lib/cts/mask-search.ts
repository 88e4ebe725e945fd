import { type Adam } from './adam.ts';
import { sparsityOf } from './sparsity.ts';
import type { SparsityControl } from './sparsity-control.ts';

function norm(values: Float32Array | Float64Array, scale = 1): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (scale * values[i]!) ** 2;
  return Math.sqrt(sum);
}

export interface SearchStep {
  /** The λ of this step. */
  readonly lambda: number;
  /** S(α) in percent, before the step. */
  readonly sparsityError: number;
  /** Expected density before the step. */
  readonly density: number;
  /** ‖∇_α cR‖₂ */
  readonly gradientNorm: number;
}

/** The mask logits α of a search and their optimiser; on the host, where sums are in float64 on every backend. */
export class MaskSearch {
  readonly logits: Float32Array;
  readonly adam: Adam;
  readonly control: SparsityControl;

  constructor(logits: Float32Array, adam: Adam, control: SparsityControl) {
    this.logits = logits;
    this.adam = adam;
    this.control = control;
  }

  /** One step along ∇_α(cR) + λ ∇_α S, where `gradient` is ∇_α R and `lossScale` is c. Changes the logits in place. */
  step(gradient: Float32Array, lossScale: number, rate: number): SearchStep {
    const { logits, control } = this;
    const { density, error, gradient: direction } = sparsityOf(logits, control.targetDensity);
    const gradientNorm = norm(gradient, lossScale);
    const lambda = control.weigh(gradientNorm, norm(direction), error, rate);
    for (let i = 0; i < direction.length; i++) {
      direction[i] = lossScale * gradient[i]! + lambda * direction[i]!;
    }
    this.adam.step(logits, direction, rate);
    return { lambda, sparsityError: error, density, gradientNorm };
  }
}
