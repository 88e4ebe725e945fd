import { type Expected, expectedTensors } from './expected-tensors.ts';
import type { FloatTensor, HostTensor } from './host-tensor.ts';
import { readWhole } from './read-whole.ts';
import { type Safetensors, decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { writeWhole } from './write-whole.ts';

/** Throws FILE_NOT_READABLE or BAD_SAFETENSORS. */
export async function readSafetensors(path: string): Promise<Safetensors> {
  return decodeSafetensors(await readWhole(path), path);
}

/** Reads named tensors from a safetensors file into ordinary memory. Throws as `expectedTensors` does. */
export async function readFloats(
  path: string,
  expected: Expected,
): Promise<Map<string, FloatTensor>> {
  return expectedTensors(await readSafetensors(path), expected, path);
}

/** Written whole or not at all. Throws BAD_SAFETENSORS as `encodeSafetensors` does, FILE_NOT_WRITABLE. */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [string, HostTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeWhole(path, encodeSafetensors(tensors, metadata));
}
