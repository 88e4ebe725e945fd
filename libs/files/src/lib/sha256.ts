import { sha256 as hash } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

function bytesOf(part: string | ArrayBufferView): Uint8Array {
  if (typeof part === 'string') return utf8ToBytes(part);
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

/** SHA-256 (hex) of the parts one after another; texts in UTF-8. */
export function sha256(...parts: readonly (string | ArrayBufferView)[]): string {
  const hashing = hash.create();
  for (const part of parts) hashing.update(bytesOf(part));
  return bytesToHex(hashing.digest());
}
