import { fromBfloat16, fromFloat16 } from './half-precision.ts';
import { type HostArray, type HostTensor, sizeOf } from './host-tensor.ts';
import { assertIntact } from './safetensors-checksum.ts';
import {
  badSafetensors,
  isRecord,
  joinSafetensors,
  splitSafetensors,
} from './safetensors-parts.ts';

// Half precisions are read as float32, which holds each of their numbers exactly.
const DTYPES = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;
type Dtype = keyof typeof DTYPES;

/** Bits a value of what else safetensors 0.8 writes, and Winnow has no use for. */
const UNREAD_BITS = {
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
  ...{ I8: 8, I16: 16, U16: 16, U32: 32, U64: 64, C64: 64 },
};
type UnreadDtype = keyof typeof UNREAD_BITS;
const KNOWN: readonly string[] = [...Object.keys(DTYPES), ...Object.keys(UNREAD_BITS)];

const isRead = (dtype: Dtype | UnreadDtype): dtype is Dtype => Object.hasOwn(DTYPES, dtype);
const bitsOf = (dtype: Dtype | UnreadDtype) =>
  isRead(dtype) ? 8 * DTYPES[dtype].BYTES_PER_ELEMENT : UNREAD_BITS[dtype];

/** The contents of a safetensors file, in the order of its header. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** Shapes of tensors whose values are not read, as they are neither F64, F32, F16 and BF16 (both read as float32), I64, I32, U8 nor BOOL. */
  readonly unread: ReadonlyMap<string, readonly number[]>;
  /** Of all tensors, as the file says. */
  readonly dtypes: ReadonlyMap<string, string>;
}

/** A tensor to write. */
export interface StoredTensor extends HostTensor {
  /** Whether bytes 0 and 1 are stored as booleans. */
  readonly isBoolean?: boolean;
}

interface Entry {
  dtype: Dtype | UnreadDtype;
  shape: number[];
  data_offsets: [number, number];
}

function dtypeOf({ data, isBoolean = false }: StoredTensor): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  return isBoolean ? 'BOOL' : 'U8';
}

function areSizes(value: unknown): boolean {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

const widened = (bits: Uint16Array, dtype: Dtype) =>
  dtype === 'F16' ? fromFloat16(bits) : fromBfloat16(bits);

/** A safetensors file of these tensors. */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries: Record<string, unknown> = {};
  const arrays: HostArray[] = [];
  let end = 0;
  for (const [name, tensor] of tensors) {
    const { shape, data } = tensor;
    const place = [end, (end += data.byteLength)];
    entries[name] = { dtype: dtypeOf(tensor), shape, data_offsets: place };
    arrays.push(data);
  }
  return joinSafetensors({ entries, metadata }, arrays);
}

/**
 * Decodes a file's bytes; `source` is named in errors. Throws BAD_SAFETENSORS, and BAD_CHECKSUM where it bears a checksum that
 * is not its own.
 */
export function decodeSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const fail = (problem: string): never => {
    throw badSafetensors(source, problem);
  };
  const parts = splitSafetensors(bytes, source);
  const { entries, metadata, data: content } = parts;
  assertIntact(parts, source);
  const tensors = new Map<string, HostTensor>();
  const unread = new Map<string, readonly number[]>();
  const dtypes = new Map<string, string>();
  const places: Entry['data_offsets'][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    if (!isRecord(entry)) return fail(`tensor "${name}" is not described`);
    const { dtype, shape, data_offsets: offsets } = entry as unknown as Entry;
    if (typeof dtype !== 'string' || !KNOWN.includes(dtype)) {
      const given = typeof dtype === 'string' ? `dtype ${dtype}` : 'no text as its dtype';
      fail(`tensor "${name}" has ${given}, known are ${KNOWN.join(', ')}`);
    }
    if (!areSizes(shape)) fail(`the shape of tensor "${name}" is no list of sizes`);
    const [from, to] = areSizes(offsets) ? offsets : [NaN, NaN];
    const length = (sizeOf(shape) * bitsOf(dtype)) / 8;
    if (!(to - from === length && to <= content.length)) {
      fail(`tensor "${name}" of shape [${shape.join(', ')}] does not fit its place in the file`);
    }
    dtypes.set(name, dtype);
    places.push([from, to]);
    if (!isRead(dtype)) {
      unread.set(name, shape);
      continue;
    }
    // A copy, since the file's offsets need not be aligned for the type.
    const copy = new Uint8Array(content.subarray(from, to));
    const data = new DTYPES[dtype](copy.buffer);
    tensors.set(name, { shape, data: data instanceof Uint16Array ? widened(data, dtype) : data });
  }
  let end = 0;
  for (const [from, to] of places.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== end) fail(`its tensors overlap or leave a gap at byte ${end} of its data`);
    end = to;
  }
  if (end !== content.length) {
    const header = bytes.length - content.length;
    fail(`its header describes ${header + end} bytes and the file has ${bytes.length}`);
  }
  return { tensors, unread, metadata, dtypes };
}
