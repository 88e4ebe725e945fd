import { concatenated } from './concatenated.ts';

/** Wire types of https://protobuf.dev/programming-guides/encoding/. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

/** Seven bits a byte, lowest first; negative numbers as their 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

/** A message in Protocol Buffers' wire format, written field by field; a field written again is one more of a `repeated` one. */
export class ProtobufMessage {
  readonly #parts: Uint8Array[] = [];
  #size = 0;

  // A graph has more parts than a call can have arguments.
  #append(parts: readonly Uint8Array[]): this {
    for (const part of parts) {
      this.#parts.push(part);
      this.#size += part.length;
    }
    return this;
  }

  #tag(field: number, wireType: number): Uint8Array {
    return varint((field << 3) | wireType);
  }

  /** An int32, int64 or enum. */
  integer(field: number, value: number | bigint): this {
    return this.#append([this.#tag(field, VARINT), varint(value)]);
  }

  float(field: number, value: number): this {
    const bytes = new DataView(new ArrayBuffer(4));
    bytes.setFloat32(0, value, true);
    return this.#append([this.#tag(field, FIXED32), new Uint8Array(bytes.buffer)]);
  }

  bytes(field: number, value: Uint8Array): this {
    return this.#append([this.#tag(field, LENGTH_DELIMITED), varint(value.length), value]);
  }

  text(field: number, value: string): this {
    return this.bytes(field, new TextEncoder().encode(value));
  }

  message(field: number, value: ProtobufMessage): this {
    return this.#append([this.#tag(field, LENGTH_DELIMITED), varint(value.#size)]).#append(
      value.#parts,
    );
  }

  encode(): Uint8Array {
    return concatenated(this.#parts);
  }
}
