import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, ParameterSpec } from '@winnow/plugin-api';
import { readFloats } from '@winnow/files/disk';

/**
 * Reads named tensors from a safetensors file onto the device. Throws FILE_NOT_READABLE, BAD_SAFETENSORS, and
 * WEIGHTS_MISMATCH naming the parameter that is absent or misshapen; what else the file holds is left alone.
 */
export async function readTensors(
  path: string,
  expected: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
): Promise<NamedTensors> {
  const floats = await readFloats(path, expected);
  return Object.fromEntries(
    [...floats].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]),
  );
}
