const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/**
 * Threefry-2x32 with 20 rounds: a bijection of 64-bit counters under a 64-bit key.
 * J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011; tested with the vectors of their Random123.
 *
 * Enciphers the counters (first, high), (first + 1, high), … and writes two 32-bit words for each into `words`,
 * whose length is even.
 */
export function threefry(
  words: Uint32Array,
  key0: number,
  key1: number,
  first: number,
  high: number,
): void {
  const keys = [key0 | 0, key1 | 0, PARITY ^ key0 ^ key1] as const;
  for (let i = 0; i < words.length; i += 2) {
    let x0 = (first + i / 2 + keys[0]) | 0;
    let x1 = (high + keys[1]) | 0;
    for (let group = 0; group < 5; group++) {
      const at = (group & 1) * 4;
      for (let r = at; r < at + 4; r++) {
        const turn = ROTATIONS[r] as number;
        x0 = (x0 + x1) | 0;
        x1 = ((x1 << turn) | (x1 >>> (32 - turn))) ^ x0;
      }
      x0 = (x0 + (keys[(group + 1) % 3] as number)) | 0;
      x1 = (x1 + (keys[(group + 2) % 3] as number) + group + 1) | 0;
    }
    words[i] = x0;
    words[i + 1] = x1;
  }
}
