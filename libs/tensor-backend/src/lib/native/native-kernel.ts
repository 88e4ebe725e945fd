import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend } from './native-backend.ts';

type Inputs = Record<string, tf.TensorInfo>;

export interface NativeCall {
  readonly inputs: Inputs;
  // Each kernel knows its attributes; TensorFlow.js has no types for them in common.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly attrs: any;
  readonly backend: NativeBackend;
}

export interface NativeKernel {
  readonly name: string;
  /** Where it says no, the reference kernel takes the call. */
  accepts?(call: Pick<NativeCall, 'inputs' | 'attrs'>): boolean;
  run(call: NativeCall): tf.TensorInfo | tf.TensorInfo[];
}

export const allFloat32 = ({ inputs }: Pick<NativeCall, 'inputs'>): boolean =>
  Object.values(inputs).every((x) => !x || x.dtype === 'float32');

export const allNumbers = ({ inputs }: Pick<NativeCall, 'inputs'>): boolean =>
  Object.values(inputs).every((x) => !x || (x.dtype !== 'string' && x.dtype !== 'complex64'));

/** A kernel for float32 inputs only. */
export function floatKernel(
  name: string,
  run: NativeKernel['run'],
  accepts: NonNullable<NativeKernel['accepts']> = () => true,
): NativeKernel {
  return { name, run, accepts: (call) => allFloat32(call) && accepts(call) };
}

/** A kernel for any numbers: float32, int32 and bool. */
export function numberKernel(
  name: string,
  run: NativeKernel['run'],
  accepts: NonNullable<NativeKernel['accepts']> = () => true,
): NativeKernel {
  return { name, run, accepts: (call) => allNumbers(call) && accepts(call) };
}
