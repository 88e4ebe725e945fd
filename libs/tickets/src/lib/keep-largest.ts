export type ScoreArray = Float32Array | Float64Array;

/**
 * Marks the `count` largest values of all arrays together, ties going to the lower index over the arrays one after another.
 * The values must not be NaN.
 */
export function keepLargest(arrays: readonly ScoreArray[], count: number): Uint8Array[] {
  const masks = arrays.map((array) => new Uint8Array(array.length));
  if (count === 0) return masks;
  const threshold = nthLargest(arrays, count);
  let ties = count;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) if (array[i]! > threshold) ties--;
  }
  arrays.forEach((array, a) => {
    const mask = masks[a]!;
    for (let i = 0; i < array.length; i++) {
      if (array[i]! > threshold || (array[i] === threshold && ties-- > 0)) mask[i] = 1;
    }
  });
  return masks;
}

/** Counts values by bucket and sorts one bucket alone; quickselect would take minutes where scores lie in a bad order. */
function nthLargest(arrays: readonly ScoreArray[], n: number): number {
  const sizes = new Uint32Array(BUCKETS);
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) sizes[bucketOf(array[i]!)]!++;
  }
  let bucket = BUCKETS - 1;
  let rank = n;
  for (; sizes[bucket]! < rank; bucket--) rank -= sizes[bucket]!;
  const values = new Float64Array(sizes[bucket]!);
  let end = 0;
  for (const array of arrays) {
    for (let i = 0; i < array.length; i++) {
      if (bucketOf(array[i]!) === bucket) values[end++] = array[i]!;
    }
  }
  return values.sort()[end - rank]!;
}

const BUCKETS = 2 ** 16;
const float = new Float32Array(1);
const word = new Int32Array(float.buffer);

/** The upper half of the value's float32 (sign, exponent, 7 bits), made to rise with the value. */
function bucketOf(value: number): number {
  float[0] = value;
  const bits = word[0]!;
  // Negative floats sort backwards by their bits, all but the sign.
  return ((bits ^ ((bits >> 31) & 0x7fffffff)) >> 16) + BUCKETS / 2;
}
