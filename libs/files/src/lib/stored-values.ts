import { fromBfloat16, fromFloat16 } from './half-precision.ts';
import type { HostArray } from './host-tensor.ts';

// Half precisions are read as float32, which holds each of their numbers exactly.
const ARRAYS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Uint16Array,
  BF16: Uint16Array,
  I64: BigInt64Array,
  I32: Int32Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
} as const;

/** How values are stored, little-endian, by safetensors' names. */
export type Dtype = keyof typeof ARRAYS;

export const DTYPES = Object.keys(ARRAYS) as readonly Dtype[];

export const isDtype = (name: string): name is Dtype => Object.hasOwn(ARRAYS, name);

export const bytesPerValue = (dtype: Dtype): number => ARRAYS[dtype].BYTES_PER_ELEMENT;

/** The values of stored bytes, of which there are those of whole values. */
export function storedValues(bytes: Uint8Array, dtype: Dtype): HostArray {
  // A copy, since places in a file need not be aligned for the type.
  const values = new ARRAYS[dtype](new Uint8Array(bytes).buffer);
  if (!(values instanceof Uint16Array)) return values;
  return dtype === 'F16' ? fromFloat16(values) : fromBfloat16(values);
}
