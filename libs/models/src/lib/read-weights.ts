import * as tf from '@tensorflow/tfjs-core';
import { WinnowError, type NamedTensors, type ParameterSpec } from '@winnow/plugin-api';
import { readSafetensors } from '@winnow/files';

/**
 * Reads named tensors from a safetensors file and checks them against what is expected.
 * Throws WEIGHTS_MISMATCH naming the parameter that is absent or misshapen; what else the file holds is left alone.
 */
export async function readTensors(
  path: string,
  expected: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
): Promise<NamedTensors> {
  const { tensors } = await readSafetensors(path);
  const arrays = expected.map(({ name, shape }) => {
    const found = tensors.get(name);
    if (!found) {
      throw new WinnowError('WEIGHTS_MISMATCH', `${path} has no tensor "${name}".`, {
        hint: 'Give the file of a network of this kind, with the names that `winnow inspect` prints.',
      });
    }
    if (found.shape.join() !== shape.join()) {
      throw new WinnowError(
        'WEIGHTS_MISMATCH',
        `"${name}" in ${path} has the shape [${found.shape.join(', ')}], and the network wants [${shape.join(', ')}].`,
        { hint: 'Choose the model and the options that the file was made with.' },
      );
    }
    return Float32Array.from(found.data as ArrayLike<number>, Number);
  });
  return Object.fromEntries(
    expected.map(({ name, shape }, i) => [name, tf.tensor(arrays[i] as Float32Array, [...shape])]),
  );
}
