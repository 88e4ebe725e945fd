import { existsSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { whileLocked } from '@winnow/files/disk';
import { WinnowError } from '@winnow/plugin-api';
import { REMOTE_DATASETS, type RemoteDataset, type RemoteFile } from './catalogue.ts';
import { LIST, writeChecksums } from './checksum-list.ts';
import { makeDataFolder, refusedByDisk } from './disk.ts';
import { type DownloadProgress, download, interruptedDownload } from './download.ts';
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

function baseAddress(from: string): string {
  if (!URL.canParse(from) || !/^https?:$/.test(new URL(from).protocol)) {
    throw new WinnowError('INVALID_OPTION', `--from "${from}" is no http or https address.`, {
      hint: 'Give one such as https://example.org/mnist/.',
    });
  }
  return from.endsWith('/') ? from : `${from}/`;
}

/** False where there is nothing. Throws DATA_NOT_FOUND where there is something else than the data set. */
function isThere(remote: RemoteDataset, folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { contents = remote.files.map((file) => file.name) } = remote;
  const has = (name: string) => existsSync(join(folder, name));
  if (has(LIST) || contents.every((name) => has(name) || has(name.replace(/\.gz$/, '')))) {
    return true;
  }
  throw new WinnowError('DATA_NOT_FOUND', `${folder} exists, but is not ${remote.title}.`, {
    hint: `Move or remove it and run the same command again, or choose another --data-dir. Expected in it: ${contents.join(', ')}.`,
  });
}

async function fetchFile(
  { name, md5 }: RemoteFile,
  path: string,
  mostBytes: number,
  base: string,
  { pauseMs = PAUSE_MS, signal, onProgress }: FetchOptions,
): Promise<void> {
  if (await isFile(path, md5, signal)) return;
  await download({ url: base + name, path, md5, mostBytes, pauseMs, signal, onProgress });
}

async function isFile(path: string, md5: string, signal: AbortSignal): Promise<boolean> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    return (await md5Of(path, signal)) === md5;
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new WinnowError(
      'FILE_NOT_READABLE',
      `Cannot read ${path} (${(cause as Error).message}).`,
      { hint: 'Make it readable, or move it away.', cause },
    );
  }
}

async function fetchPacked(
  remote: RemoteDataset & Required<Pick<RemoteDataset, 'packing'>>,
  folder: string,
  base: string,
  options: FetchOptions,
): Promise<void> {
  const { dataDir, signal } = options;
  const arriving = `${folder}.arriving`;
  for (const file of remote.files) {
    // Another's archive is read where it is the right one, and never touched.
    const own = join(dataDir, `${file.name}.fetched`);
    const given = join(dataDir, file.name);
    const archive = (await isFile(given, file.md5, signal)) ? given : own;
    if (archive === own) await fetchFile(file, own, remote.most.bytes, base, options);
    await unpack(archive, remote.packing, arriving, remote.most, signal);
    try {
      const inside = join(arriving, remote.folder);
      if (!existsSync(inside)) {
        throw new WinnowError('BAD_ARCHIVE', `${archive} has no folder ${remote.folder}.`, {
          hint: 'It is not the archive that it should be; remove it and fetch it again.',
        });
      }
      await writeChecksums(inside, signal);
      await rename(inside, folder);
    } finally {
      await rm(arriving, { recursive: true, force: true });
    }
    await rm(own, { force: true });
  }
}

/**
 * Downloads a data set, checks it against the published checksums, and unpacks it; the folder under `dataDir` appears once it is whole.
 * `true` where it was there already. Throws INVALID_OPTION, DATA_NOT_FOUND where something else lies there, FETCH_FAILED,
 * BAD_CHECKSUM, BAD_ARCHIVE, FILE_NOT_READABLE, FILE_NOT_WRITABLE, FETCH_RUNNING, BAD_LOCK, INTERRUPTED.
 */
export async function fetchDataset(
  remote: RemoteDataset,
  options: FetchOptions,
): Promise<{ folder: string; alreadyThere: boolean }> {
  const { dataDir } = options;
  const base = baseAddress(options.from ?? remote.from);
  const folder = join(dataDir, remote.folder);
  if (isThere(remote, folder)) return { folder, alreadyThere: true };
  await makeDataFolder(dataDir);
  const place = join(dataDir, `.${remote.folder}.lock`);
  const running = (who: string) =>
    new WinnowError(
      'FETCH_RUNNING',
      `${remote.title} is being fetched to ${dataDir} already${who}.`,
      {
        hint: `Wait until that is over; if there is no such process any more, remove ${place}.`,
      },
    );
  try {
    return await whileLocked(place, running, async () => {
      // Another may have done it since.
      if (isThere(remote, folder)) return { folder, alreadyThere: true };
      await fetchInto(folder, remote, base, options);
      return { folder, alreadyThere: false };
    });
  } catch (error) {
    throw refusedByDisk(place, error) ?? error;
  }
}

async function fetchInto(
  folder: string,
  remote: RemoteDataset,
  base: string,
  options: FetchOptions,
): Promise<void> {
  const { packing } = remote;
  const { signal } = options;
  try {
    if (packing) await fetchPacked({ ...remote, packing }, folder, base, options);
    else {
      const arriving = `${folder}.arriving`;
      for (const file of remote.files) {
        await fetchFile(file, join(arriving, file.name), remote.most.bytes, base, options);
      }
      await writeChecksums(arriving, signal);
      await rename(arriving, folder);
    }
  } catch (error) {
    if (signal.aborted && (error as Error).name === 'AbortError') throw interruptedDownload();
    throw error;
  }
}
