const { imul } = Math; // a look-up through Jest's sandbox would take most of the time

/**
 * `count` numbers uniform on [low, high) that `golden/with_torchvision.py` makes too, to the last bit: a hash of each
 * index and the stream (MurmurHash3's last mixing), scaled in float64 and rounded to float32.
 */
export function hashed(count: number, stream: number, low: number, high: number): Float32Array {
  const values = new Float32Array(count);
  const start = imul(stream, 0x9e3779b9);
  for (let i = 0; i < count; i++) {
    let x = (start + i) | 0;
    x = imul(x ^ (x >>> 16), 0x85ebca6b);
    x = imul(x ^ (x >>> 13), 0xc2b2ae35);
    const u = ((x ^ (x >>> 16)) >>> 8) / 2 ** 24;
    values[i] = low + u * (high - low);
  }
  return values;
}
