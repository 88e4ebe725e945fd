import { readSafetensors, writeSafetensors } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import type { Scores } from './ticket.ts';

/** One tensor a layer under the parameter's name, written whole or not at all. Throws FILE_NOT_WRITABLE. */
export async function writeScores(path: string, scores: Scores): Promise<void> {
  await writeSafetensors(path, scores);
}

/** Throws FILE_NOT_READABLE, BAD_SAFETENSORS, and BAD_SCORES where a tensor does not hold floating-point numbers. */
export async function readScores(path: string): Promise<Scores> {
  const { tensors } = await readSafetensors(path);
  return new Map(
    [...tensors].map(([name, { shape, data }]) => {
      if (data instanceof Float32Array || data instanceof Float64Array)
        return [name, { shape, data }];
      throw new WinnowError('BAD_SCORES', `"${name}" in ${path} does not hold scores.`, {
        hint: 'Repeat the run in another folder to have its scores again.',
      });
    }),
  );
}
