export type HostArray = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A tensor in ordinary memory, row-major. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: HostArray;
}

/** A float32 tensor in ordinary memory, row-major. */
export interface FloatTensor extends HostTensor {
  readonly data: Float32Array;
}

/** How many values a tensor of this shape has. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}
