import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { REMOTE_DATASETS, type RemoteDataset } from './catalogue.ts';
import { writeChecksums } from './checksum-list.ts';
import { type DownloadProgress, download } from './download.ts';
import { md5Of } from './file-digest.ts';
import { unpack } from './unpack.ts';

export interface FetchOptions {
  readonly dataDir: string;
  /** Another place than the official one; the checksums stay. */
  readonly from?: string | undefined;
  /** Before another attempt where a connection broke, in ms; doubled with each that brings nothing. */
  readonly pauseMs?: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

const PAUSE_MS = 200;

const MANUAL = new Map([
  [
    'imagenet',
    'ImageNet needs an account at https://image-net.org/download-images; unpack "ILSVRC2012_img_train.tar" to train/WNID and sort "ILSVRC2012_img_val.tar" into val/WNID, as docs/data.md describes, then give the folder in --data-dir.',
  ],
  ['digits', 'The digits come with Winnow.'],
  ['image-folder', 'It is a folder of your own; give it in --data-dir.'],
  [
    'parquet',
    'Download the Parquet files from where they are published; give their folder in --data-dir.',
  ],
  ['tensor-file', 'It is a file of your own.'],
]);

/** Throws NOT_FETCHABLE, whose hint says how to come by the data set. */
export function remoteDataset(name: string): RemoteDataset {
  const remote = REMOTE_DATASETS.find((dataset) => dataset.name === name);
  if (remote) return remote;
  const names = REMOTE_DATASETS.map((dataset) => dataset.name).join(', ');
  throw new WinnowError('NOT_FETCHABLE', `Data set "${name}" cannot be fetched.`, {
    hint: MANUAL.get(name) ?? `These can: ${names}.`,
  });
}

async function fetchFiles(remote: RemoteDataset, folder: string, options: FetchOptions) {
  const { from = remote.from, pauseMs = PAUSE_MS, signal, onProgress } = options;
  const base = from.endsWith('/') ? from : `${from}/`;
  for (const { name, md5 } of remote.files) {
    const path = join(folder, name);
    if (existsSync(path) && (await md5Of(path)) === md5) continue;
    const task = { url: base + name, path, md5, mostBytes: remote.most.bytes };
    await download({ ...task, pauseMs, signal, onProgress });
  }
}

/**
 * Downloads a data set, checks it against the published checksums, and unpacks it; the folder under `dataDir` appears once it is whole.
 * `true` where it was there already. Throws FETCH_FAILED, BAD_CHECKSUM, BAD_ARCHIVE, INTERRUPTED.
 */
export async function fetchDataset(
  remote: RemoteDataset,
  options: FetchOptions,
): Promise<{ folder: string; alreadyThere: boolean }> {
  const { dataDir } = options;
  const folder = join(dataDir, remote.folder);
  if (existsSync(folder)) return { folder, alreadyThere: true };
  await mkdir(dataDir, { recursive: true });
  const arriving = `${folder}.arriving`;
  const { packing } = remote;
  if (!packing) {
    await fetchFiles(remote, arriving, options);
    await writeChecksums(arriving);
    await rename(arriving, folder);
    return { folder, alreadyThere: false };
  }
  await fetchFiles(remote, dataDir, options);
  for (const { name } of remote.files) {
    const archive = join(dataDir, name);
    await unpack(archive, packing, arriving, remote.most);
    const inside = join(arriving, remote.folder);
    if (!existsSync(inside)) {
      await rm(arriving, { recursive: true, force: true });
      throw new WinnowError('BAD_ARCHIVE', `${archive} has no folder ${remote.folder}.`, {
        hint: 'It is not the archive that it should be; remove it and fetch it again.',
      });
    }
    await writeChecksums(inside);
    await rename(inside, folder);
    await rm(arriving, { recursive: true, force: true });
    await rm(archive);
  }
  return { folder, alreadyThere: false };
}
