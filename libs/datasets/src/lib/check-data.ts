import { join } from 'node:path';
import {
  type Clock,
  type Dataset,
  type DatasetDescriptor,
  type GivenOptions,
  INTERRUPTED,
  type OpenSetting,
  WinnowError,
  parseOptions,
} from '@winnow/plugin-api';
import { REMOTE_DATASETS } from './fetch/catalogue.ts';
import { type ChecksumCheck, checkChecksums } from './fetch/checksum-list.ts';
import { type Verification, verifyDataset } from './verify-dataset.ts';

export interface DataCheck extends Verification {
  /** Where the data lie, if they lie anywhere. */
  readonly path?: string;
  /** Files that were compared with a SHA256SUMS; nothing where there is none. */
  readonly checksummedFiles?: number;
}

/** What SHA256SUMS says of the folder of a data set, or of the one in it that a download made. */
async function checksumsOf(
  name: string,
  path: string,
  signal: AbortSignal,
): Promise<ChecksumCheck | undefined> {
  const remote = REMOTE_DATASETS.find((dataset) => dataset.name === name);
  try {
    const own = await checkChecksums(path, signal);
    return own ?? (remote && (await checkChecksums(join(path, remote.folder), signal)));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new WinnowError(INTERRUPTED, 'Interrupted before any image was read.');
  }
}

export interface CheckSetting {
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, of: number) => void;
  readonly clock?: Clock;
  /** Opens the data. */
  readonly open?: DatasetOpener;
}

export type DatasetOpener = (
  descriptor: DatasetDescriptor,
  options: GivenOptions,
  setting: OpenSetting,
) => Promise<Dataset>;

/**
 * Opens a data set and reads every image of it. What cannot be read is among the problems. Throws INTERRUPTED when the
 * signal fires, and what the data set does.
 */
export async function checkData(
  descriptor: DatasetDescriptor,
  given: GivenOptions,
  { signal, onProgress, clock, open = (one, ...how) => one.open(...how) }: CheckSetting,
): Promise<DataCheck> {
  const { name, argument } = descriptor;
  const options = parseOptions(descriptor.options, given, `data set "${name}"`) as GivenOptions;
  const place = argument && options[argument];
  const path = typeof place === 'string' ? place : undefined;
  const checksums = path === undefined ? undefined : await checksumsOf(name, path, signal);
  const dataset = await open(descriptor, given, { verifying: true });
  const verified = await verifyDataset(dataset, signal, onProgress, clock);
  if (signal.aborted)
    throw new WinnowError(INTERRUPTED, `Interrupted after ${verified.images} images.`);
  return {
    ...verified,
    ...(path !== undefined && { path }),
    ...(checksums && { checksummedFiles: checksums.files }),
    problems: [...(checksums?.problems ?? []), ...verified.problems],
  };
}
