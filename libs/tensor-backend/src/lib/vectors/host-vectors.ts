import * as tf from '@tensorflow/tfjs-core';
import type { Arithmetic } from './arithmetic.ts';
import { assertSize } from './assert-size.ts';
import { type Scalar, hostScalars, numberOf } from './scalars.ts';
import type { Direction, Mask, Vector, Vectors } from './vector.ts';

/** How numbers get to the device and back. */
export interface Transfer {
  /** A tensor of a copy of the numbers. */
  upload(values: Float32Array): tf.Tensor1D;
  /** Copies a tensor's numbers into an array of their size. */
  download(tensor: tf.Tensor1D, into: Float32Array): void;
}

/** By TensorFlow.js's own means; a backend may keep the array that a tensor is made of. */
export const plainTransfer: Transfer = {
  upload: (values) => tf.tensor1d(values.slice()),
  download: (tensor, into) => into.set(tensor.dataSync<'float32'>()),
};

class HostVector implements Vector {
  readonly values: Float32Array;
  readonly #transfer: Transfer;

  constructor(values: Float32Array, transfer: Transfer) {
    this.values = values;
    this.#transfer = transfer;
  }

  get size(): number {
    return this.values.length;
  }

  read(): Float32Array {
    return this.values;
  }

  tensor(): tf.Tensor1D {
    return this.#transfer.upload(this.values);
  }

  assign(tensor: tf.Tensor1D): void {
    assertSize(this.size, tensor.size);
    this.#transfer.download(tensor, this.values);
  }

  write(values: Float32Array): void {
    assertSize(this.size, values.length);
    this.values.set(values);
  }

  dispose(): void {}
}

class HostDirection implements Direction {
  readonly values: Float64Array;

  constructor(size: number) {
    this.values = new Float64Array(size);
  }

  get size(): number {
    return this.values.length;
  }

  dispose(): void {}
}

class HostMask implements Mask {
  readonly kept: Uint8Array;

  constructor(kept: Uint8Array) {
    this.kept = kept;
  }

  dispose(): void {}
}

const kept = (mask: Mask | undefined) => (mask as HostMask | undefined)?.kept;
const scalarOf = (x: number) => hostScalars.of(x);
const float32 = (x: Vector) => (x as HostVector).values;
const float64 = (x: Direction) => (x as HostDirection).values;

/** Vectors that are arrays on the host. */
export function hostVectors(arithmetic: Arithmetic, transfer: Transfer): Vectors {
  return {
    upload: (values) => transfer.upload(values),
    download: (tensor) => {
      const values = new Float32Array(tensor.size);
      transfer.download(tensor, values);
      return values;
    },
    scalars: hostScalars,
    mask: (mask) => new HostMask(mask),
    of: (values) => new HostVector(values, transfer),
    zeros: (size) => new HostVector(new Float32Array(size), transfer),
    direction: (size) => new HostDirection(size),
    sgd({ parameters, gradient, velocity }, rates) {
      const arrays = {
        parameters: float32(parameters),
        gradient: float32(gradient),
        velocity: float32(velocity),
      };
      const { mask, factor, ...rest } = rates;
      arithmetic.sgd(arrays, { ...rest, mask: kept(mask), factor: numberOf(factor) });
    },
    adam({ values, mean, variance, direction }, rates) {
      const arrays = {
        values: float32(values),
        mean: float32(mean),
        variance: float32(variance),
        direction: float64(direction),
      };
      arithmetic.adam(arrays, rates);
    },
    squares: (x, mask): Scalar =>
      scalarOf(
        x instanceof HostDirection
          ? arithmetic.squares(x.values)
          : arithmetic.squares(float32(x as Vector), kept(mask)),
      ),
    combine: (direction, weight, gradient, gradientWeight) =>
      arithmetic.combine(float64(direction), numberOf(weight), float32(gradient), gradientWeight),
    expectedCount: (logits, scale, direction) =>
      scalarOf(arithmetic.expectedCount(float32(logits), scale, float64(direction))),
    isFinite: (x) => float32(x).every(Number.isFinite),
    uniforms: (...given) => arithmetic.uniforms(...given),
    uniformTensor: (count, ...given) => {
      const draws = new Float32Array(count);
      arithmetic.uniforms(draws, ...given);
      return tf.tensor1d(draws);
    },
  };
}
