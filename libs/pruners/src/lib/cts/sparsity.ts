import { hostVectors } from '@winnow/tensor-backend';

export interface Sparsity {
  /** Σ σ(α) / d, the density that the mask logits α expect. */
  readonly density: number;
  /** S(α) = 100 · (Σ σ(α) / (κ'd) − 1), in percent of the target κ'. arXiv 2512.07142, §4. */
  readonly error: number;
  /** ∇_α S = 100 / (κ'd) · σ(α)(1 − σ(α)) */
  readonly gradient: Float64Array;
}

/** The expected density of the mask logits α against the target κ'; in float64, since float32 would lose count over millions. */
export function sparsityOf(logits: Float32Array, targetDensity: number): Sparsity {
  const scale = 100 / (targetDensity * logits.length);
  const gradient = new Float64Array(logits.length);
  const density = hostVectors().expectedCount(logits, scale, gradient) / logits.length;
  return { density, error: 100 * (density / targetDensity - 1), gradient };
}
