import type * as tf from '@tensorflow/tfjs-core';
import type { Calls } from './engine.ts';
import type { Handle } from './signature.ts';

/** What a channel's numbers add up to, which a convolution may leave for the normalisation after it; see `Calls.convolve`. */
export interface Moments {
  readonly handle: Handle;
  readonly parts: number;
  readonly channels: number;
}

/** Where the engine's tensors lie. */
export interface EngineMemory {
  readonly engine: Calls;
  /** Of arbitrary numbers, for the engine to fill. */
  output(shape: readonly number[]): tf.TensorInfo;
  handle(info: tf.TensorInfo): Handle;
  /** Lets `compute` fill up to `most` parts of y's moments, if they can be kept, and give how many it has. */
  keepMoments(
    y: tf.TensorInfo,
    most: number,
    compute: (moments: Handle | undefined) => number,
  ): void;
  moments(x: tf.TensorInfo): Moments | undefined;
}
