import { hostVectors } from '@winnow/tensor-backend';
import { type Adam } from './adam.ts';
import { sparsityOf } from './sparsity.ts';
import type { SparsityControl } from './sparsity-control.ts';

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
    const vectors = hostVectors();
    const { density, error, gradient: direction } = sparsityOf(logits, control.targetDensity);
    const gradientNorm = Math.abs(lossScale) * Math.sqrt(vectors.squares(gradient));
    const lambda = control.weigh(gradientNorm, Math.sqrt(vectors.squares(direction)), error, rate);
    vectors.combine(direction, lambda, gradient, lossScale);
    this.adam.step(logits, direction, rate);
    return { lambda, sparsityError: error, density, gradientNorm };
  }
}
