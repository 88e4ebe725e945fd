import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { writeWhole } from '@winnow/files/disk';
import { INTERRUPTED, WinnowError } from '@winnow/plugin-api';
import { makeDataFolder, refusedByDisk } from './disk.ts';
import { md5Of } from './file-digest.ts';

export interface DownloadProgress {
  readonly file: string;
  readonly bytes: number;
  /** Where the server says it. */
  readonly total: number | undefined;
}

export interface Download {
  readonly url: string;
  readonly path: string;
  readonly md5: string;
  readonly mostBytes: number;
  /** Before another attempt, in ms; doubled with each that brings nothing. */
  readonly pauseMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: DownloadProgress) => void;
}

/** Attempts in a row that bring nothing new. */
const ATTEMPTS = 5;

/** Tells one version of a remote file from another. */
async function versionFor(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

const sizeOf = async (path: string) => (await stat(path).catch(() => undefined))?.size ?? 0;

export function interruptedDownload(): WinnowError {
  return new WinnowError(INTERRUPTED, 'Interrupted; what was downloaded so far is kept.', {
    hint: 'Run the same command again to go on.',
  });
}

function failed(url: string, reason: string, cause?: unknown): WinnowError {
  return new WinnowError('FETCH_FAILED', `Cannot download ${url} (${reason}).`, {
    hint: 'Run the same command again to go on; --from gives another place.',
    cause,
  });
}

/** The reason behind fetch's own "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
}

function startOf(response: Response): number {
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  return response.status === 206 && range ? Number(range[1]) : 0;
}

/** Asks for what is lacking of `partial`, and writes what comes. True once the file is whole. */
async function attempt(download: Download, partial: string): Promise<boolean> {
  const { url, path, mostBytes, signal, onProgress } = download;
  const version = `${partial}.version`;
  const have = await sizeOf(partial);
  const known = await versionFor(version);
  const resuming = have > 0 && known !== undefined;
  const response = await fetch(url, {
    signal,
    headers: {
      // Bytes as they lie there: else a range would be one of something packed on the way.
      'accept-encoding': 'identity',
      ...(resuming ? { range: `bytes=${have}-`, ...(known ? { 'if-range': known } : {}) } : {}),
    },
  });
  // Nothing lies beyond what is here: it is whole, which the checksum will tell, or another file.
  if (response.status === 416 && resuming) return true;
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    const reason = `the server answers ${response.status} ${response.statusText}`.trim();
    // These may pass; all others will not.
    if (response.status >= 500 || response.status === 429) throw new Error(reason);
    throw failed(url, reason);
  }
  // fetch has decoded it already: neither the published file nor the place to go on from would be right.
  const coding = response.headers.get('content-encoding');
  if (coding && coding !== 'identity') {
    await response.body.cancel();
    throw new WinnowError(
      'FETCH_FAILED',
      `Cannot download ${url} (the server sends it with Content-Encoding "${coding}", not as it lies there).`,
      { hint: '--from gives another place.' },
    );
  }
  let bytes = resuming ? startOf(response) : 0;
  if (bytes !== 0 && bytes !== have) throw new Error(`the server sends from byte ${bytes} on`);
  const rest = Number(response.headers.get('content-length') ?? NaN);
  const total = Number.isNaN(rest) ? undefined : bytes + rest;
  const etag = response.headers.get('etag');
  const strong = etag && !etag.startsWith('W/') ? etag : response.headers.get('last-modified');
  await writeWhole(version, strong ?? '');
  const body = Readable.fromWeb(response.body);
  const written = pipeline(
    body,
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        if (bytes > mostBytes) {
          throw failed(url, `it is larger than ${mostBytes} bytes, which is not what was expected`);
        }
        onProgress({ file: path, bytes, total });
        yield chunk;
      }
    },
    createWriteStream(partial, { flags: bytes > 0 ? 'a' : 'w' }),
    { signal },
  );
  await written.catch(async (error: unknown) => {
    // It would be gone on with from there.
    if (bytes > mostBytes) await discard(partial);
    throw error;
  });
  return total === undefined || bytes >= total;
}

/** Removes what has come of a file, and which one it was. */
const discard = (partial: string) =>
  Promise.all([partial, `${partial}.version`].map((file) => rm(file, { force: true })));

/** Downloads into `partial` until it is whole, from where it stands each time the connection breaks. */
async function complete(download: Download, partial: string): Promise<void> {
  let idle = 0;
  for (;;) {
    const before = await sizeOf(partial);
    let problem: unknown = new Error('the connection ended early');
    try {
      if (await attempt(download, partial)) return;
    } catch (error) {
      if (download.signal.aborted) throw interruptedDownload();
      if (error instanceof WinnowError) throw error;
      const refused = refusedByDisk(partial, error);
      if (refused) throw refused;
      problem = error;
    }
    idle = (await sizeOf(partial)) > before ? 0 : idle + 1;
    if (idle >= ATTEMPTS) throw failed(download.url, reasonOf(problem), problem);
    await pause(download.pauseMs * 2 ** idle, undefined, { signal: download.signal }).catch(() => {
      throw interruptedDownload();
    });
  }
}

/**
 * Downloads a file whole or not at all. What an interrupted or broken download has brought stays beside it, as `.partial`, and is
 * gone on from where the server still has the same file. Throws FETCH_FAILED, BAD_CHECKSUM, FILE_NOT_WRITABLE, INTERRUPTED.
 */
export async function download(task: Download): Promise<void> {
  const { url, path, md5, signal } = task;
  const partial = `${path}.partial`;
  await makeDataFolder(dirname(path));
  const resumed = (await sizeOf(partial)) > 0;
  await complete(task, partial);
  let found = await md5Of(partial, signal);
  if (found !== md5 && resumed) {
    // The part from before may be of another file, so once more from the start.
    await discard(partial);
    await complete(task, partial);
    found = await md5Of(partial, signal);
  }
  if (found !== md5) {
    await discard(partial);
    throw new WinnowError('BAD_CHECKSUM', `${url} has MD5 ${found} where ${md5} is published.`, {
      hint: 'The file was changed or damaged on the way, and was not kept; try again, or --from another place.',
    });
  }
  await rename(partial, path);
  await discard(partial);
}
