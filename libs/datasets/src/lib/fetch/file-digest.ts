import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

async function digest(algorithm: 'md5' | 'sha256', path: string, signal?: AbortSignal) {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

/** MD5 (hex) of a file, which is what the publishers of these data sets give. Throws the signal's AbortError. */
export const md5Of = (path: string, signal?: AbortSignal): Promise<string> =>
  digest('md5', path, signal);

/** SHA-256 (hex) of a file. Throws the signal's AbortError. */
export const sha256Of = (path: string, signal?: AbortSignal): Promise<string> =>
  digest('sha256', path, signal);
