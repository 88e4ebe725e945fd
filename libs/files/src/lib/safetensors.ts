import { WinnowError } from '@winnow/plugin-api';
import { fromBfloat16, fromFloat16 } from './half-precision.ts';
import { type HostArray, type HostTensor, sizeOf } from './host-tensor.ts';

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

/** The contents of a safetensors file, in the order of its header. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly metadata: Readonly<Record<string, string>>;
  /** As the file says, by name: F64, F32, F16 and BF16 (both read as float32), I64, I32, U8, BOOL. */
  readonly dtypes: ReadonlyMap<string, string>;
}

interface Entry {
  dtype: Dtype;
  shape: number[];
  data_offsets: [number, number];
}

const HEADER_LENGTH_BYTES = 8;
const SPACE = 0x20;
/** A byte order mark is no JSON. */
const HEADER_TEXT = new TextDecoder('utf-8', { ignoreBOM: true });

function dtypeOf(data: HostArray): Dtype {
  if (data instanceof Float32Array) return 'F32';
  if (data instanceof Float64Array) return 'F64';
  if (data instanceof Int32Array) return 'I32';
  if (data instanceof BigInt64Array) return 'I64';
  return 'U8';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areSizes(value: unknown): boolean {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

const widened = (bits: Uint16Array, dtype: Dtype) =>
  dtype === 'F16' ? fromFloat16(bits) : fromBfloat16(bits);

/** The format of https://github.com/huggingface/safetensors: header length (u64), JSON header, little-endian data. */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, HostTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const arrays: HostArray[] = [];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [end, (end += data.byteLength)] };
    arrays.push(data);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil(json.length / 8) * 8; // readers map the data, so it starts aligned
  let at = HEADER_LENGTH_BYTES + padded;
  const file = new Uint8Array(at + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true);
  file.set(json, HEADER_LENGTH_BYTES);
  file.fill(SPACE, HEADER_LENGTH_BYTES + json.length, at);
  for (const data of arrays) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/** Decodes a file's bytes; `source` is named in errors. Throws BAD_SAFETENSORS. */
export function decodeSafetensors(bytes: Uint8Array, source: string): Safetensors {
  const fail = (problem: string, cause?: unknown): never => {
    throw new WinnowError(
      'BAD_SAFETENSORS',
      `${source} is no valid safetensors file: ${problem}.`,
      {
        hint: 'Write or download it again.',
        cause,
      },
    );
  };
  if (bytes.length < HEADER_LENGTH_BYTES) fail(`it has ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  const start = HEADER_LENGTH_BYTES + headerLength;
  if (start > bytes.length) {
    fail(`its header claims ${headerLength} bytes and the file has ${bytes.length}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(HEADER_TEXT.decode(bytes.subarray(HEADER_LENGTH_BYTES, start)));
  } catch (cause) {
    fail('its header is not JSON', cause);
  }
  if (!isRecord(header)) return fail('its header is not an object');
  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || !Object.values(metadata).every((v) => typeof v === 'string')) {
    fail('its metadata are not all text');
  }
  const tensors = new Map<string, HostTensor>();
  const dtypes = new Map<string, string>();
  const places: Entry['data_offsets'][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    if (!isRecord(entry)) return fail(`tensor "${name}" is not described`);
    const { dtype, shape, data_offsets: offsets } = entry as unknown as Entry;
    if (typeof dtype !== 'string' || !Object.hasOwn(DTYPES, dtype)) {
      const given = typeof dtype === 'string' ? `dtype ${dtype}` : 'no text as its dtype';
      fail(`tensor "${name}" has ${given}, known are ${Object.keys(DTYPES).join(', ')}`);
    }
    if (!areSizes(shape)) fail(`the shape of tensor "${name}" is no list of sizes`);
    const Type = DTYPES[dtype];
    const [from, to] = areSizes(offsets) ? offsets : [NaN, NaN];
    const length = sizeOf(shape) * Type.BYTES_PER_ELEMENT;
    if (!(to - from === length && start + to <= bytes.length)) {
      fail(`tensor "${name}" of shape [${shape.join(', ')}] does not fit its place in the file`);
    }
    // A copy, since the file's offsets need not be aligned for the type.
    const copy = new Uint8Array(bytes.subarray(start + from, start + to));
    const data = new Type(copy.buffer);
    tensors.set(name, { shape, data: data instanceof Uint16Array ? widened(data, dtype) : data });
    dtypes.set(name, dtype);
    places.push([from, to]);
  }
  let end = 0;
  for (const [from, to] of places.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== end) fail(`its tensors overlap or leave a gap at byte ${end} of its data`);
    end = to;
  }
  if (start + end !== bytes.length) {
    fail(`its header describes ${start + end} bytes and the file has ${bytes.length}`);
  }
  return { tensors, metadata: metadata as Safetensors['metadata'], dtypes };
}
