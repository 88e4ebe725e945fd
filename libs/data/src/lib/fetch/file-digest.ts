import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

async function digest(algorithm: 'md5' | 'sha256', path: string): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** MD5 (hex) of a file, which is what the publishers of these data sets give. */
export const md5Of = (path: string): Promise<string> => digest('md5', path);

/** SHA-256 (hex) of a file. */
export const sha256Of = (path: string): Promise<string> => digest('sha256', path);
