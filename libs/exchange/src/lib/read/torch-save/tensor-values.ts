import {
  type HostArray,
  type HostTensor,
  bytesPerValue,
  sizeOf,
  storedValues,
} from '@winnow/files';
import type { DescribedTensor } from './described-tensor.ts';
import { DAMAGED, Unfit } from './unfit.ts';

function isRowMajor({ shape, strides }: DescribedTensor): boolean {
  let size = 1;
  for (let i = shape.length - 1; i >= 0; size *= shape[i]!, i--) {
    if (shape[i] !== 1 && strides[i] !== size) return false;
  }
  return true;
}

/** In the order of rows, what lies in any other. */
function inRows(values: HostArray, { shape, strides }: DescribedTensor): HostArray {
  const rows = values.slice(0, 0).constructor as new (length: number) => HostArray;
  const sorted = new rows(sizeOf(shape));
  const index = shape.map(() => 0);
  for (let i = 0, at = 0; i < sorted.length; i++) {
    sorted[i] = values[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= index[axis]! * strides[axis]!;
      index[axis] = 0;
    }
  }
  return sorted;
}

/** How many values of its storage a tensor reaches over. */
export function extentOf({ shape, strides }: DescribedTensor): number {
  return sizeOf(shape) && shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, 1);
}

/** The values of a tensor, row-major, out of the bytes of its storage. Throws Unfit where the storage has another size. */
export function tensorValues(tensor: DescribedTensor, storage: Uint8Array): HostTensor {
  const { dtype, key, stored, offset, shape } = tensor;
  const bytes = bytesPerValue(dtype);
  if (storage.length !== stored * bytes) {
    const sizes = `has ${storage.length} bytes, and ${stored * bytes} are said`;
    throw new Unfit(`is damaged: its storage ${key} ${sizes}`, DAMAGED);
  }
  const end = offset + extentOf(tensor);
  const values = storedValues(storage.subarray(offset * bytes, end * bytes), dtype);
  return { shape, data: isRowMajor(tensor) ? values : inRows(values, tensor) };
}
