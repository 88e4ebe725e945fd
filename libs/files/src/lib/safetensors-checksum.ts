import { WinnowError } from '@winnow/plugin-api';
import type { SafetensorsParts } from './safetensors-parts.ts';
import { sha256 } from './sha256.ts';

/** What a file's metadata call its checksum. */
export const CHECKSUM = 'winnow.sha256';

/** SHA-256 of all that a file says: the header without the checksum itself, and the data. */
export function contentChecksum({ entries, metadata, data }: SafetensorsParts): string {
  const { [CHECKSUM]: _, ...said } = metadata;
  return sha256(JSON.stringify({ ...entries, __metadata__: said }), data);
}

/** Throws BAD_CHECKSUM where a file that bears a checksum is not what it was when that was written. */
export function assertIntact(parts: SafetensorsParts, source: string): void {
  const claimed = parts.metadata[CHECKSUM];
  if (claimed === undefined || claimed === contentChecksum(parts)) return;
  throw new WinnowError('BAD_CHECKSUM', `${source} is not what was written: it is damaged.`, {
    hint: 'Bring back a copy of it, or make it again.',
  });
}
