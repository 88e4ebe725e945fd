import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Scalar, Scalars } from './scalars.ts';

/** Numbers in float32 that live where the backend computes: parameters, momentum, mask logits, an optimiser's moments. */
export interface Vector {
  readonly size: number;
  /** Its numbers on the host; of a vector that lives there they are the vector itself, and change with it. */
  read(): Float32Array;
  /** A tensor [size] of its numbers as they are now, which the caller disposes. */
  tensor(): Tensor1D;
  /** Takes over the numbers of a tensor [size]. Throws RangeError where it has more or fewer. */
  assign(tensor: Tensor1D): void;
  /** Takes over numbers of the host. Throws RangeError where they are more or fewer. */
  write(values: Float32Array): void;
  dispose(): void;
}

/** Where an update goes; on the host in float64. */
export interface Direction {
  readonly size: number;
  dispose(): void;
}

/** Which numbers of a vector are kept. */
export interface Mask {
  dispose(): void;
}

export interface SgdRates {
  /** What it removes, and whose parameter is 0 from the beginning, stays 0, as does its momentum. None keeps all. */
  readonly mask?: Mask | undefined;
  /** What the gradient is multiplied with. */
  readonly factor: Scalar;
  readonly weightDecay: number;
  readonly momentum: number;
  readonly learningRate: number;
}

export interface AdamRates {
  /** The rate over 1 − β₁ᵗ. */
  readonly stepSize: number;
  /** √(1 − β₂ᵗ) */
  readonly correction: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/**
 * What training and search do with vectors of all parameters. Each backend has its own; sums are in float64 on the host. Who
 * makes a vector, a direction or a mask disposes it. Call what returns a scalar within a `tf.tidy`.
 */
export interface Vectors {
  readonly scalars: Scalars;
  /** A tensor [size] of a copy of numbers of the host, which the caller disposes. */
  upload(values: Float32Array): Tensor1D;
  /** A tensor's numbers, on the host. */
  download(tensor: Tensor1D): Float32Array;
  /** Of these numbers; on the host it is this array. */
  of(values: Float32Array): Vector;
  zeros(size: number): Vector;
  direction(size: number): Direction;
  /** 1 keeps a number. */
  mask(mask: Uint8Array): Mask;
  /** v ← momentum · v + factor · g + weightDecay · θ; θ ← θ − learningRate · v; both in place. */
  sgd(
    vectors: { readonly parameters: Vector; readonly gradient: Vector; readonly velocity: Vector },
    rates: SgdRates,
  ): void;
  /** Kingma and Ba, arXiv 1412.6980, with PyTorch's order of operations; values and moments in place. */
  adam(
    vectors: {
      readonly values: Vector;
      readonly mean: Vector;
      readonly variance: Vector;
      readonly direction: Direction;
    },
    rates: AdamRates,
  ): void;
  /** Σ x², over the numbers that the mask keeps if there is one. */
  squares(x: Vector | Direction, mask?: Mask): Scalar;
  /** direction ← weight · direction + gradientWeight · gradient */
  combine(direction: Direction, weight: Scalar, gradient: Vector, gradientWeight: number): void;
  /** Σ σ(α); `direction` becomes scale · σ(α)(1 − σ(α)). */
  expectedCount(logits: Vector, scale: number, direction: Direction): Scalar;
  isFinite(x: Vector): boolean;
  /** ((word >>> 9) + ½)/2²³ for the words of Threefry under this key and counter, on the host; see `threefry`. */
  uniforms(draws: Float32Array, key0: number, key1: number, first: number, high: number): void;
  /** As a tensor [count], the same bits. */
  uniformTensor(count: number, key0: number, key1: number, first: number, high: number): Tensor1D;
}
