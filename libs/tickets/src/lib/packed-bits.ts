/** Packs zeros and ones 8 a byte, lowest bit first. */
export function packBits(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (let i = 0; i < values.length; i++) packed[i >> 3]! |= values[i]! << (i & 7);
  return packed;
}

/** The first `length` bits, or undefined where `packed` is not their one encoding: another length, or ones in the padding. */
export function unpackBits(packed: Uint8Array, length: number): Uint8Array | undefined {
  if (packed.length !== Math.ceil(length / 8)) return undefined;
  if (length % 8 > 0 && packed.at(-1)! >> (length % 8) > 0) return undefined;
  const values = new Uint8Array(length);
  for (let i = 0; i < length; i++) values[i] = (packed[i >> 3]! >> (i & 7)) & 1;
  return values;
}
