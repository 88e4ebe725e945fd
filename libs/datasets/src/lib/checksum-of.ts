import { createHash } from 'node:crypto';

/** SHA-256 (hex) of the parts one after another; Node's own, since data sets are large. */
export function checksumOf(...parts: readonly NodeJS.ArrayBufferView[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
