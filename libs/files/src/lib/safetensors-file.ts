import { readFile } from 'node:fs/promises';
import { WinnowError } from '@winnow/plugin-api';
import { type Expected, expectedTensors } from './expected-tensors.ts';
import type { FloatTensor, HostTensor } from './host-tensor.ts';
import { type Safetensors, decodeSafetensors, encodeSafetensors } from './safetensors.ts';
import { writeWhole } from './write-whole.ts';

/** Throws FILE_NOT_READABLE or BAD_SAFETENSORS. */
export async function readSafetensors(path: string): Promise<Safetensors> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new WinnowError(
      'FILE_NOT_READABLE',
      `Cannot read ${path} (${(cause as Error).message}).`,
      {
        cause,
      },
    );
  }
  return decodeSafetensors(bytes, path);
}

/** Reads named tensors from a safetensors file into ordinary memory. Throws as `expectedTensors` does. */
export async function readFloats(
  path: string,
  expected: Expected,
): Promise<Map<string, FloatTensor>> {
  return expectedTensors(await readSafetensors(path), expected, path);
}

/** Written whole or not at all. Throws FILE_NOT_WRITABLE. */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [string, HostTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeWhole(path, encodeSafetensors(tensors, metadata));
}
