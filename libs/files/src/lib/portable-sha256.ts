import { sha256 as hash } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** SHA-256 (hex) of the parts one after another, in JavaScript alone. */
export function portableSha256(parts: readonly Uint8Array[]): string {
  const hashing = hash.create();
  for (const part of parts) hashing.update(part);
  return bytesToHex(hashing.digest());
}
