import * as tf from '@tensorflow/tfjs-core';
import { loadEngine } from '../native/engine.ts';
import { nativeVectors } from './native-vectors.ts';
import { plainVectors } from './plain-vectors.ts';

export interface SgdUpdate {
  /** Changed in place. */
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
  /** Momentum, changed in place. */
  readonly velocity: Float32Array;
  /** 1 keeps a parameter; 0 sets it and its momentum to 0. None means that all are kept. */
  readonly mask: Uint8Array | undefined;
  /** What the gradient is multiplied with. */
  readonly factor: number;
  readonly weightDecay: number;
  readonly momentum: number;
  readonly learningRate: number;
}

export interface AdamUpdate {
  /** Changed in place, as are `mean` and `variance`. */
  readonly values: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
  readonly gradient: Float64Array;
  /** The rate over 1 − β₁ᵗ. */
  readonly stepSize: number;
  /** √(1 − β₂ᵗ) */
  readonly correction: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Arithmetic on arrays of all parameters on the host, with sums in float64. */
export interface HostVectors {
  /** v ← momentum · v + factor · g + weightDecay · θ; θ ← θ − learningRate · v */
  sgd(update: SgdUpdate): void;
  /** Kingma and Ba, arXiv 1412.6980, with PyTorch's order of operations. */
  adam(update: AdamUpdate): void;
  /** Σ x², over the numbers whose mask is 1 if there is one. */
  squares(x: Float32Array, mask?: Uint8Array): number;
  squares(x: Float64Array): number;
  /** direction ← weight · direction + gradientWeight · gradient */
  combine(
    direction: Float64Array,
    weight: number,
    gradient: Float32Array,
    gradientWeight: number,
  ): void;
  /** Σ σ(α); `gradient` becomes scale · σ(α)(1 − σ(α)). */
  expectedCount(logits: Float32Array, scale: number, gradient: Float64Array): number;
  /** ((word >>> 9) + ½)/2²³ for the words of Threefry under this key and counter; see `threefry`. */
  uniforms(draws: Float32Array, key0: number, key1: number, first: number, high: number): void;
}

/** The engine's while the backend is `native`, else loops in TypeScript. */
export function hostVectors(): HostVectors {
  return tf.getBackend() === 'native' ? nativeVectors(loadEngine()) : plainVectors;
}
