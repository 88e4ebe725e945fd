import { createGzip } from 'node:zlib';
import { Readable } from 'node:stream';
import type { HostTensor } from '@winnow/files';
import type { TrainedNetwork } from '@winnow/plugin-api';
import { csrTensors } from './sparse-tensors.ts';
import { bytesOf } from './trained-network.ts';

/** What something takes to store, in bytes. */
export interface StoredSize {
  readonly bytes: number;
  /** The same, compressed by gzip. */
  readonly gzipped: number;
}

/** What it takes to store a network's parameters, as numbers alone: names, headers and running statistics not counted. */
export interface StoredSizes {
  /** Every parameter in float32. */
  readonly dense: StoredSize;
  /** Kept weights with their indices as compressed sparse rows, and what is not pruned in float32. */
  readonly sparse: StoredSize;
}

/** Of byte strings one after another. */
export async function storedSize(parts: readonly Uint8Array[]): Promise<StoredSize> {
  let gzipped = 0;
  // Part by part, since one buffer of a large network would be one more copy of it.
  for await (const chunk of Readable.from(parts).pipe(createGzip()))
    gzipped += (chunk as Buffer).length;
  return { bytes: parts.reduce((sum, { length }) => sum + length, 0), gzipped };
}

const numbersOf = (tensors: ReadonlyMap<string, HostTensor>) =>
  [...tensors.values()].map(({ data }) => bytesOf(data));

/** Sizes of what a run stores, dense and sparse. */
export async function storedSizes(trained: TrainedNetwork): Promise<StoredSizes> {
  const parameters = new Set(trained.network.parameters.map(({ name }) => name));
  const tensors = new Map([...trained.tensors].filter(([name]) => parameters.has(name)));
  return {
    dense: await storedSize(numbersOf(tensors)),
    sparse: await storedSize(numbersOf(csrTensors({ ...trained, tensors }).tensors)),
  };
}
