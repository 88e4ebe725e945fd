import type * as tf from '@tensorflow/tfjs-core';
import type { EngineMemory } from './engine-memory.ts';
import type { NativeBackend } from './native-backend.ts';

interface Given<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo | undefined>>;
  readonly attrs: Attributes;
}

export interface NativeCall<Attributes> extends Given<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: NativeBackend;
}

type Run<Attributes> = (call: NativeCall<Attributes>) => tf.TensorInfo | tf.TensorInfo[];
type Accepts<Attributes> = (call: NativeCall<Attributes>) => boolean;

export interface NativeKernel {
  readonly name: string;
  /** Where it says no, the reference kernel takes the call. */
  readonly accepts: (call: NativeCall<never>) => boolean;
  readonly run: Run<never>;
}

interface LayerCall<Attributes> extends Given<Attributes> {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly backend: EngineMemory;
}

/** A kernel that does without a backend of the engine's own, wherever its tensors lie. */
export interface LayerKernel {
  readonly name: string;
  readonly accepts: (call: Given<never>) => boolean;
  readonly run: (call: LayerCall<never>) => tf.TensorInfo | tf.TensorInfo[];
}

/** Whether the inputs that are there are all of such types. */
const areAll = ({ inputs }: Given<unknown>, such: (dtype: tf.DataType) => boolean) =>
  Object.values(inputs).every((x) => !x || such(x.dtype));

const isFloat = (dtype: tf.DataType) => dtype === 'float32';
const isNumber = (dtype: tf.DataType) => dtype !== 'string' && dtype !== 'complex64';

/** A kernel for any inputs. */
export function anyKernel<Attributes>(
  name: string,
  run: Run<Attributes>,
  accepts: Accepts<Attributes> = () => true,
): NativeKernel {
  return { name, run, accepts };
}

/** A kernel for float32 inputs only. */
export function floatKernel<Attributes>(
  name: string,
  run: Run<Attributes>,
  accepts: Accepts<Attributes> = () => true,
): NativeKernel {
  return anyKernel<Attributes>(name, run, (call) => areAll(call, isFloat) && accepts(call));
}

/** A kernel for any numbers: float32, int32 and bool. */
export function numberKernel<Attributes>(
  name: string,
  run: Run<Attributes>,
  accepts: Accepts<Attributes> = () => true,
): NativeKernel {
  return anyKernel<Attributes>(name, run, (call) => areAll(call, isNumber) && accepts(call));
}

/** A kernel for float32 inputs only. */
export function layerKernel<Attributes>(
  name: string,
  run: (call: LayerCall<Attributes>) => tf.TensorInfo | tf.TensorInfo[],
  accepts: (
    call: Given<Attributes> & { readonly inputs: Readonly<Record<string, tf.TensorInfo>> },
  ) => boolean = () => true,
): LayerKernel {
  return { name, run, accepts: (call) => areAll(call, isFloat) && accepts(call as never) };
}
