import * as tf from '@tensorflow/tfjs-core';
import type { FloatTensor } from '@winnow/files';
import type { NamedTensors } from '@winnow/plugin-api';

/** Fresh tensors on the device, by name, which the caller disposes. */
export function toTensors(floats: ReadonlyMap<string, FloatTensor>): NamedTensors {
  return Object.fromEntries(
    [...floats].map(([name, { shape, data }]) => [name, tf.tensor(data.slice(), [...shape])]),
  );
}
