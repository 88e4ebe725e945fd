export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Σ σ(α) / d, the density that the mask logits α expect; in float64, since float32 would lose count over millions. */
export function expectedDensity(logits: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += sigmoid(logits[i]!);
  return sum / logits.length;
}

/** S(α) = 100 · (Σ σ(α) / (κ'd) − 1), in percent of the target κ'. arXiv 2512.07142, §4. */
export function sparsityError(logits: Float32Array, targetDensity: number): number {
  return 100 * (expectedDensity(logits) / targetDensity - 1);
}

/** ∇_α S = 100 / (κ'd) · σ(α)(1 − σ(α)) */
export function sparsityGradient(logits: Float32Array, targetDensity: number): Float64Array {
  const scale = 100 / (targetDensity * logits.length);
  const gradient = new Float64Array(logits.length);
  for (let i = 0; i < logits.length; i++) {
    const density = sigmoid(logits[i]!);
    gradient[i] = scale * density * (1 - density);
  }
  return gradient;
}
