import * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from '../native/native-backend.ts';

/** A tensor of a copy of the numbers. */
export function uploadVector(values: Float32Array): tf.Tensor1D {
  // The engine copies them anyway; other backends may keep the array itself.
  return tf.tensor1d(tf.getBackend() === 'native' ? values : values.slice());
}

/** Copies a tensor's numbers into an array of their size. */
export function downloadVector(vector: tf.Tensor1D, into: Float32Array): void {
  if (tf.getBackend() === 'native') {
    const backend = tf.backend() as NativeBackend;
    backend.engine.read(backend.handle(vector), into);
  } else into.set(vector.dataSync<'float32'>());
}
