import { type HostArray, type HostTensor, sizeOf } from './host-tensor.ts';
import { WinnowError, tagOf } from '@winnow/plugin-api';
import { assertIntact } from './safetensors-checksum.ts';
import {
  badSafetensors,
  isRecord,
  joinSafetensors,
  splitSafetensors,
} from './safetensors-parts.ts';
import { DTYPES, type Dtype, bytesPerValue, isDtype, storedValues } from './stored-values.ts';

/** Bits a value of what else safetensors 0.8 writes, and Winnow has no use for. */
const UNREAD_BITS = {
  ...{ F4: 4, F6_E2M3: 6, F6_E3M2: 6 },
  ...{ F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
  ...{ I8: 8, I16: 16, U16: 16, U32: 32, U64: 64, C64: 64 },
};
type UnreadDtype = keyof typeof UNREAD_BITS;

const isUnread = (dtype: string): dtype is UnreadDtype => Object.hasOwn(UNREAD_BITS, dtype);
const bitsOf = (dtype: Dtype | UnreadDtype) =>
  isUnread(dtype) ? UNREAD_BITS[dtype] : 8 * bytesPerValue(dtype);

/** The contents of a safetensors file, in the order of its header, but names that are whole numbers first, as JavaScript has them. */
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

/** What the header calls its metadata, beside the names of tensors. */
const METADATA = '__metadata__';

interface Entry {
  dtype: unknown;
  shape: number[];
  data_offsets: [number, number];
}

const WRITTEN: ReadonlyMap<string, Dtype> = new Map([
  ['Float32Array', 'F32'],
  ['Float64Array', 'F64'],
  ['Int32Array', 'I32'],
  ['BigInt64Array', 'I64'],
  ['Uint8Array', 'U8'],
]);

function notWritable(problem: string, hint: string): WinnowError {
  return new WinnowError('BAD_SAFETENSORS', `No safetensors file can hold ${problem}.`, { hint });
}

/** Throws BAD_SAFETENSORS. */
function dtypeOf(name: string, { data, isBoolean = false }: StoredTensor): Dtype {
  const dtype = WRITTEN.get(tagOf(data));
  if (dtype === undefined) {
    throw notWritable(
      `the ${tagOf(data)} of tensor "${name}"`,
      `Give it as one of ${[...WRITTEN.keys()].join(', ')}.`,
    );
  }
  return isBoolean && dtype === 'U8' ? 'BOOL' : dtype;
}

function areSizes(value: unknown): boolean {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

/**
 * A safetensors file of these tensors. Throws BAD_SAFETENSORS where nobody could read it: a tensor does not fill its shape,
 * is of another type of array than `HostArray`, or has a name that another one has or that the format keeps for itself, or
 * metadata are not text.
 */
export function encodeSafetensors(
  tensors: Iterable<readonly [string, StoredTensor]>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = new Map<string, unknown>();
  const arrays: HostArray[] = [];
  let end = 0;
  for (const [name, tensor] of tensors) {
    const { shape, data } = tensor;
    const dtype = dtypeOf(name, tensor);
    if (!areSizes(shape) || sizeOf(shape) !== data.length) {
      throw notWritable(
        `tensor "${name}" of shape [${String(shape).replaceAll(',', ', ')}] by an array of ${data.length}`,
        'Give its shape in whole numbers, and a value for each place in it.',
      );
    }
    if (name === METADATA || entries.has(name)) {
      throw notWritable(
        name === METADATA ? `a tensor of the name "${name}"` : `two tensors of the name "${name}"`,
        'Give each tensor a name of its own.',
      );
    }
    const place = [end, (end += data.byteLength)];
    entries.set(name, { dtype, shape, data_offsets: place });
    arrays.push(data);
  }
  const other = Object.entries(metadata).find(([, value]) => typeof value !== 'string');
  if (other)
    throw notWritable(`the metadata "${other[0]}", which are no text`, 'Give them as text.');
  return joinSafetensors({ entries: Object.fromEntries(entries), metadata }, arrays);
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
    if (typeof dtype !== 'string' || !(isDtype(dtype) || isUnread(dtype))) {
      const given = typeof dtype === 'string' ? `dtype ${dtype}` : 'no text as its dtype';
      const known = [...DTYPES, ...Object.keys(UNREAD_BITS)].join(', ');
      return fail(`tensor "${name}" has ${given}, known are ${known}`);
    }
    if (!areSizes(shape)) fail(`the shape of tensor "${name}" is no list of sizes`);
    const [from, to] = areSizes(offsets) ? offsets : [NaN, NaN];
    const length = (sizeOf(shape) * bitsOf(dtype)) / 8;
    if (!(to - from === length && to <= content.length)) {
      fail(`tensor "${name}" of shape [${shape.join(', ')}] does not fit its place in the file`);
    }
    if (isUnread(dtype)) unread.set(name, shape);
    else tensors.set(name, { shape, data: storedValues(content.subarray(from, to), dtype) });
    dtypes.set(name, dtype);
    places.push([from, to]);
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
  return { tensors, metadata, unread, dtypes };
}
