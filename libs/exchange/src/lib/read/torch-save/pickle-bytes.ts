import { badPickle } from './pickle-stack.ts';

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const NEWLINE = 0x0a;
const LONGEST_EXACT_BYTES = 8;

/** The bytes of a pickle, read from their begin. Whatever reaches beyond their end throws Unfit. */
export class PickleBytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Passes over as many bytes; returns where they begin. */
  #pass(count: number): number {
    const from = this.#at;
    if (!(count >= 0 && from + count <= this.#bytes.length)) throw badPickle('ends too early');
    this.#at = from + count;
    return from;
  }

  take(count: number): Uint8Array {
    const from = this.#pass(count);
    return this.#bytes.subarray(from, from + count);
  }

  uint8(): number {
    return this.#view.getUint8(this.#pass(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#pass(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#pass(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#pass(4), true);
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#pass(8), true));
  }

  float64(): number {
    return this.#view.getFloat64(this.#pass(8), false);
  }

  /** A whole number in two's complement; NaN for what no size, count or place in a file can be. */
  long(bytes: number): number {
    const digits = this.take(bytes);
    if (bytes > LONGEST_EXACT_BYTES) return NaN;
    const value = digits.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return Number(BigInt.asIntN(8 * bytes, value));
  }

  text(bytes: number): string {
    return this.#decode(this.take(bytes));
  }

  /** Up to the end of a line, without it. */
  line(): string {
    const end = this.#bytes.indexOf(NEWLINE, this.#at);
    const found = this.take(end - this.#at);
    this.#pass(1);
    return this.#decode(found);
  }

  #decode(bytes: Uint8Array): string {
    try {
      return TEXT.decode(bytes);
    } catch {
      throw badPickle('holds text that is not UTF-8');
    }
  }
}
