import type { NamedTensors, ParameterSpec } from '@winnow/plugin-api';
import { readFloats } from '@winnow/files/disk';
import { toTensors } from './to-tensors.ts';

/**
 * Reads named tensors from a safetensors file onto the device. Throws FILE_NOT_READABLE, BAD_SAFETENSORS, and
 * WEIGHTS_MISMATCH naming the parameter that is absent or misshapen; what else the file holds is left alone.
 */
export async function readTensors(
  path: string,
  expected: readonly Pick<ParameterSpec, 'name' | 'shape'>[],
): Promise<NamedTensors> {
  return toTensors(await readFloats(path, expected));
}
