import { decodeSafetensors, encodeSafetensors } from '@winnow/files';
import { WinnowError } from '@winnow/plugin-api';
import type { Scores } from './ticket.ts';

/** A file of scores is a safetensors file with one tensor a layer, under the parameter's name. */
export function encodeScores(scores: Scores): Uint8Array {
  return encodeSafetensors(scores);
}

/** `source` is named in errors. Throws BAD_SAFETENSORS, and BAD_SCORES where a tensor does not hold floating-point numbers. */
export function decodeScores(bytes: Uint8Array, source: string): Scores {
  const { tensors } = decodeSafetensors(bytes, source);
  return new Map(
    [...tensors].map(([name, { shape, data }]) => {
      if (data instanceof Float32Array || data instanceof Float64Array)
        return [name, { shape, data }];
      throw new WinnowError('BAD_SCORES', `"${name}" in ${source} does not hold scores.`, {
        hint: 'Repeat the run in another folder to have its scores again.',
      });
    }),
  );
}
