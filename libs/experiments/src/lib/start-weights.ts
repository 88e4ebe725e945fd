import { readFloats, writeSafetensors } from '@winnow/files/disk';
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

/** Makes recorded weights the start point `to`. Throws DATA_CHANGED where the file holds others now. */
export async function copyStartWeights(
  { path, hash }: StartWeights,
  { parameters }: Parameters,
  to: string,
): Promise<void> {
  const weights = await readFloats(path, parameters);
  if (weightsHash(weights) !== hash) {
    throw new WinnowError(
      'DATA_CHANGED',
      `The weights in ${path} are not those that the run was begun with.`,
      { hint: 'Bring the file back as it was, or begin a run in another folder.' },
    );
  }
  await writeSafetensors(to, weights);
}
