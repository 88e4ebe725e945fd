import * as tf from '@tensorflow/tfjs-core';
import { assertSize } from './assert-size.ts';
import { deviceScalars, scalarOf, tensorOf } from './device-scalars.ts';
import type { Direction, Mask, Vector, Vectors } from './vector.ts';

/** A tensor that a step replaces. */
class DeviceVector implements Vector {
  #values: tf.Tensor1D;

  constructor(values: tf.Tensor1D) {
    this.#values = tf.keep(values);
  }

  get values(): tf.Tensor1D {
    return this.#values;
  }

  get size(): number {
    return this.#values.size;
  }

  read(): Float32Array {
    return this.#values.dataSync<'float32'>().slice();
  }

  tensor(): tf.Tensor1D {
    return tf.clone(this.#values);
  }

  assign(tensor: tf.Tensor1D): void {
    assertSize(this.size, tensor.size);
    const before = this.#values;
    this.#values = tf.keep(tf.clone(tensor));
    before.dispose();
  }

  write(values: Float32Array): void {
    assertSize(this.size, values.length);
    const fresh = tf.tensor1d(values.slice());
    this.assign(fresh);
    fresh.dispose();
  }

  dispose(): void {
    this.#values.dispose();
  }
}

class DeviceMask implements Mask {
  readonly kept: tf.Tensor1D;

  constructor(kept: Uint8Array) {
    this.kept = tf.keep(tf.tensor1d(kept, 'bool'));
  }

  dispose(): void {
    this.kept.dispose();
  }
}

/** The tensor of a vector or a direction of a device, as it is now. */
export const valuesOf = (x: Vector | Direction) => (x as DeviceVector).values;
/** True where a mask of a device keeps. */
export const keptOf = (mask: Mask) => (mask as DeviceMask).kept;

/**
 * Vectors that are tensors of a backend, updated by its ops, with sums in float32: nothing of them is read back unless
 * somebody reads it.
 */
export function deviceVectors(
  setting: Pick<Vectors, 'uniforms' | 'uniformTensor'> & Parameters<typeof deviceScalars>[0],
): Vectors {
  const zeros = (size: number) => new DeviceVector(tf.zeros([size]));
  return {
    scalars: deviceScalars(setting),
    upload: (values) => tf.tensor1d(values.slice()),
    download: (tensor) => tensor.dataSync<'float32'>().slice(),
    of: (values) => new DeviceVector(tf.tensor1d(values.slice())),
    zeros,
    direction: zeros,
    mask: (mask) => new DeviceMask(mask),
    sgd: ({ parameters, gradient, velocity }, rates) =>
      tf.tidy(() => {
        const { mask, factor, weightDecay, momentum, learningRate } = rates;
        const decayed = tf.add(
          tf.mul(valuesOf(gradient), tensorOf(factor)),
          tf.mul(valuesOf(parameters), weightDecay),
        );
        const v = tf.add(tf.mul(valuesOf(velocity), momentum), decayed);
        const masked = mask ? tf.where(keptOf(mask), v, tf.zerosLike(v)) : v;
        velocity.assign(masked as tf.Tensor1D);
        // What the mask removes is 0 from the beginning, and stays it.
        parameters.assign(tf.sub(valuesOf(parameters), tf.mul(masked, learningRate)));
      }),
    adam: ({ values, mean, variance, direction }, rates) =>
      tf.tidy(() => {
        const { stepSize, correction, beta1, beta2, epsilon } = rates;
        const g = valuesOf(direction);
        const m = tf.add(tf.mul(valuesOf(mean), beta1), tf.mul(g, 1 - beta1));
        const v = tf.add(tf.mul(valuesOf(variance), beta2), tf.mul(tf.square(g), 1 - beta2));
        mean.assign(m as tf.Tensor1D);
        variance.assign(v as tf.Tensor1D);
        const size = tf.add(tf.div(tf.sqrt(v), correction), epsilon);
        values.assign(tf.sub(valuesOf(values), tf.div(tf.mul(m, stepSize), size)));
      }),
    squares: (x, mask) => {
      // Not by a product: what a mask removes may be infinite.
      const values = mask ? tf.where(keptOf(mask), valuesOf(x), 0) : valuesOf(x);
      return scalarOf(tf.sum(tf.square(values)));
    },
    combine: (direction, weight, gradient, gradientWeight) =>
      tf.tidy(() => {
        const weighed = tf.mul(valuesOf(direction), tensorOf(weight));
        const sum = tf.add(weighed, tf.mul(valuesOf(gradient), gradientWeight));
        (direction as DeviceVector).assign(sum as tf.Tensor1D);
      }),
    expectedCount: (logits, scale, direction) => {
      const kept = tf.sigmoid(valuesOf(logits));
      const slope = tf.mul(tf.mul(kept, tf.sub(1, kept)), scale);
      (direction as DeviceVector).assign(slope as tf.Tensor1D);
      return scalarOf(tf.sum(kept));
    },
    isFinite: (x) => x.read().every(Number.isFinite),
    uniforms: (...given) => setting.uniforms(...given),
    uniformTensor: (...given) => setting.uniformTensor(...given),
  };
}
