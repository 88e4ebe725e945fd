import type { FloatTensor } from '@winnow/files';
import { readFloats } from '@winnow/files/disk';
import { type Network, WinnowError } from '@winnow/plugin-api';
import { weightsHash } from '@winnow/tickets';
import type { RunConfig } from './run-config.ts';

type StartWeights = NonNullable<RunConfig['startWeights']>;
type Parameters = Pick<Network, 'parameters'>;

/** Weights that a run is to start from, as it records them. Throws FILE_NOT_READABLE, BAD_SAFETENSORS, WEIGHTS_MISMATCH. */
export async function recordStartWeights(
  path: string,
  { parameters }: Parameters,
): Promise<StartWeights> {
  return { path, hash: weightsHash(await readFloats(path, parameters)) };
}

/** The weights that were recorded. Throws DATA_CHANGED where the file holds others now, and what reading it does. */
export async function recallStartWeights(
  { path, hash }: StartWeights,
  { parameters }: Parameters,
): Promise<Map<string, FloatTensor>> {
  const weights = await readFloats(path, parameters);
  if (weightsHash(weights) === hash) return weights;
  throw new WinnowError(
    'DATA_CHANGED',
    `The weights in ${path} are not those that the run was begun with.`,
    { hint: 'Bring the file back as it was, or begin a run in another folder.' },
  );
}
