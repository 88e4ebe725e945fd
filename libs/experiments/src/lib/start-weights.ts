import { type ImportedWeights, weightsFromPytorch } from '@winnow/exchange';
import { readPytorchFile } from '@winnow/exchange/files';
import type { FloatTensor } from '@winnow/files';
import { type Network, WinnowError } from '@winnow/plugin-api';
import { weightsHash } from '@winnow/tickets';
import type { RunConfig } from './run-config.ts';

type Recorded = NonNullable<RunConfig['startWeights']>;

/** Weights that a run is to start from. */
export interface StartWeights {
  readonly recorded: Recorded;
  /** What was done to them to fit. */
  readonly imported: Omit<ImportedWeights, 'tensors'>;
}

async function read(path: string, network: Network): Promise<ImportedWeights> {
  return weightsFromPytorch(await readPytorchFile(path), network, path);
}

/** Reads them by PyTorch's names or the network's own. Throws as `readPytorchFile` and `weightsFromPytorch` do. */
export async function recordStartWeights(path: string, network: Network): Promise<StartWeights> {
  const { tensors, ...imported } = await read(path, network);
  return { recorded: { path, hash: weightsHash(tensors) }, imported };
}

/** The weights that were recorded. Throws DATA_CHANGED where the file holds others now, and what reading it does. */
export async function recallStartWeights(
  { path, hash }: Recorded,
  network: Network,
): Promise<ReadonlyMap<string, FloatTensor>> {
  const { tensors } = await read(path, network);
  if (weightsHash(tensors) === hash) return tensors;
  throw new WinnowError(
    'DATA_CHANGED',
    `The weights in ${path} are not those that the run was begun with.`,
    { hint: 'Bring the file back as it was, or begin a run in another folder.' },
  );
}
