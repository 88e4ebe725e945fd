import { readWhole, writeWhole } from '@winnow/files/disk';
import { decodeScores, encodeScores } from './score-format.ts';
import type { Scores } from './ticket.ts';

/** Written whole or not at all. Throws FILE_NOT_WRITABLE. */
export async function writeScores(path: string, scores: Scores): Promise<void> {
  await writeWhole(path, encodeScores(scores));
}

/** Throws FILE_NOT_READABLE, BAD_SAFETENSORS, BAD_SCORES. */
export async function readScores(path: string): Promise<Scores> {
  return decodeScores(await readWhole(path), path);
}
