import { CHECKSUM, contentChecksum } from './safetensors-checksum.ts';
import { joinSafetensors, splitSafetensors } from './safetensors-parts.ts';

/**
 * The same file with more metadata and a checksum of all that it says, which everyone who reads safetensors here looks at.
 * Throws BAD_SAFETENSORS.
 */
export function sealSafetensors(
  bytes: Uint8Array,
  more: Readonly<Record<string, string>>,
): Uint8Array {
  const parts = splitSafetensors(bytes, 'What is to be sealed');
  const metadata = { ...parts.metadata, ...more };
  const checksum = contentChecksum({ ...parts, metadata });
  return joinSafetensors({ ...parts, metadata: { ...metadata, [CHECKSUM]: checksum } }, [
    parts.data,
  ]);
}

/** What a file says of itself, and whether it bears a checksum. Throws BAD_SAFETENSORS. */
export function safetensorsMetadata(
  bytes: Uint8Array,
  source: string,
): { readonly metadata: Readonly<Record<string, string>>; readonly sealed: boolean } {
  const { metadata } = splitSafetensors(bytes, source);
  return { metadata, sealed: CHECKSUM in metadata };
}
