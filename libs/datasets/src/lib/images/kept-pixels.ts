/** CIFAR-10's training images are 138 MB. */
const MOST_BYTES = 2 ** 28;

/** The bytes of images that look the same each time: decoded once, where there is room to keep all of them, else each time. */
export class KeptPixels {
  readonly #imageLength: number;
  readonly #bytes: Uint8Array;
  /** By image, whether it is kept. */
  readonly #has: Uint8Array;

  /** `count` images of `imageLength` bytes. */
  constructor(count: number, imageLength: number) {
    const kept = count * imageLength <= MOST_BYTES ? count : 0;
    this.#imageLength = imageLength;
    // A system gives memory for what is written alone.
    this.#bytes = new Uint8Array(kept * imageLength);
    this.#has = new Uint8Array(kept);
  }

  /** Throws what `decode` throws, and then keeps nothing. */
  async of(index: number, decode: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const from = index * this.#imageLength;
    const own = this.#bytes.subarray(from, from + this.#imageLength);
    if (this.#has[index] === 1) return own;
    const decoded = await decode();
    if (index >= this.#has.length) return decoded;
    own.set(decoded);
    this.#has[index] = 1;
    return own;
  }
}
