import type { DeviceMemory } from '../device-memory.ts';

/** What TensorFlow tells of a tensor that an op has made. */
export interface TensorMetadata {
  readonly id: number;
  readonly shape: readonly number[];
  /** TensorFlow's number of it. */
  readonly dtype: number;
}

/** Of TensorFlow.js's binding, where tensors begin and end. */
export interface TensorBinding {
  createTensor(shape: readonly number[], dtype: number, values: unknown): number;
  executeOp(
    name: string,
    attributes: readonly unknown[],
    inputs: readonly number[],
    outputs: number,
  ): TensorMetadata[];
  deleteTensor(id: number): void;
}

/** By TensorFlow's numbers (TF_DataType of c_api.h): uint8, complex64, int64 and bool; float32 and int32 take 4. */
const BYTES: Readonly<Record<number, number>> = { 4: 1, 8: 8, 9: 8, 10: 1 };
const RESHAPE = 'Reshape';

/** Numbers that one or more tensors are a view of. */
interface Buffer {
  readonly bytes: number;
  tensors: number;
}

/**
 * A binding that tells what its tensors take: each by its shape and type, but what was reshaped once. Not counted is what
 * ops need while they run.
 */
export function countedBinding<B extends TensorBinding>(binding: B, memory: DeviceMemory): B {
  const buffers = new Map<number, Buffer>();
  let held = 0;
  const made = (id: number, shape: readonly number[], dtype: number) => {
    const bytes = shape.reduce((product, side) => product * side, BYTES[dtype] ?? 4);
    buffers.set(id, { bytes, tensors: 1 });
    held += bytes;
  };
  const counted: TensorBinding = {
    createTensor(shape, dtype, values) {
      const id = binding.createTensor(shape, dtype, values);
      made(id, shape, dtype);
      memory.holds(held);
      return id;
    },
    executeOp(name, attributes, inputs, count) {
      const outputs = binding.executeOp(name, attributes, inputs, count);
      const shared = name === RESHAPE ? buffers.get(inputs[0]!) : undefined;
      for (const { id, shape, dtype } of outputs) {
        if (shared) {
          shared.tensors++;
          buffers.set(id, shared);
        } else made(id, shape, dtype);
      }
      memory.holds(held);
      return outputs;
    },
    deleteTensor(id) {
      binding.deleteTensor(id);
      const buffer = buffers.get(id);
      buffers.delete(id);
      if (buffer && --buffer.tensors === 0) held -= buffer.bytes;
    },
  };
  // Its own are not to be assigned to, nor what inherits them.
  return Object.create(binding, Object.getOwnPropertyDescriptors(counted)) as B;
}
