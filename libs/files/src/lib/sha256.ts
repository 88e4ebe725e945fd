import { portableSha256 } from './portable-sha256.ts';

function bytesOf(part: string | ArrayBufferView): Uint8Array {
  if (typeof part === 'string') return new TextEncoder().encode(part);
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

/** Node's own is nine times as fast; a browser, which has no such process, does without. */
const crypto = (
  globalThis as { readonly process?: Partial<NodeJS.Process> }
).process?.getBuiltinModule?.('node:crypto');

/** SHA-256 (hex) of the parts one after another; texts in UTF-8. */
export function sha256(...parts: readonly (string | ArrayBufferView)[]): string {
  const bytes = parts.map(bytesOf);
  if (!crypto) return portableSha256(bytes);
  const hashing = crypto.createHash('sha256');
  for (const part of bytes) hashing.update(part);
  return hashing.digest('hex');
}
