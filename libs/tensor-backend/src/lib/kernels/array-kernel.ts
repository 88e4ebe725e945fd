import * as tf from '@tensorflow/tfjs-core';

/** A view or a copy of an input, row-major. */
export interface KernelInput {
  readonly shape: number[];
  readonly values: Float32Array;
}

/**
 * A kernel as loops over float32 arrays, for every backend: on `cpu` and `wasm` it works on the tensors' own memory,
 * elsewhere on a copy.
 */
export interface ArrayKernel<Attributes extends object> {
  readonly name: string;
  /** Whether the op returns a list even where it has one output. */
  readonly listed?: true;
  /** The outputs' shapes from the inputs'; `undefined` stands for an input that was not given. */
  outputShapes(
    inputs: Readonly<Record<string, readonly number[] | undefined>>,
    attributes: Attributes,
  ): (readonly number[])[];
  /** Fills the outputs, which hold arbitrary values at first. */
  compute(
    inputs: Readonly<Record<string, KernelInput | undefined>>,
    outputs: readonly Float32Array[],
    attributes: Attributes,
  ): void;
}

interface WasmBackend extends tf.KernelBackend {
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
}

const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function mapInputs<T>(
  inputs: tf.NamedTensorInfoMap,
  map: (info: tf.TensorInfo) => T,
): Record<string, T | undefined> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, info]) => [name, info ? map(info) : undefined]),
  );
}

/** The kernel in the form that TensorFlow.js registers. */
export function arrayKernelFunction<Attributes extends object>(
  kernel: ArrayKernel<Attributes>,
  backendName: string,
): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const attributes = attrs as unknown as Attributes;
    const shapes = kernel.outputShapes(
      mapInputs(inputs, (info) => info.shape),
      attributes,
    );
    const one = (infos: tf.TensorInfo[]) =>
      infos.length === 1 && !kernel.listed ? infos[0]! : infos;
    if (backendName === 'wasm') {
      const wasm = backend as WasmBackend;
      const infos = shapes.map((shape) => wasm.makeOutput([...shape], 'float32'));
      // Views come after every allocation, because the heap moves when it grows.
      const views = mapInputs(inputs, (info) => ({
        shape: info.shape,
        values: wasm.typedArrayFromHeap(info),
      }));
      kernel.compute(
        views,
        infos.map((info) => wasm.typedArrayFromHeap(info)),
        attributes,
      );
      return one(infos);
    }
    const host = backend as tf.KernelBackend;
    const outputs = shapes.map((shape) => new Float32Array(sizeOf(shape)));
    kernel.compute(
      mapInputs(inputs, (info) => ({
        shape: info.shape,
        values: host.readSync(info.dataId) as Float32Array,
      })),
      outputs,
      attributes,
    );
    return one(
      outputs.map((values, i): tf.TensorInfo => {
        const shape = [...shapes[i]!];
        return { dataId: host.write(values, shape, 'float32'), shape, dtype: 'float32' };
      }),
    );
  };
}

/** A kernel for a float32 `x`, in place of the backend's own, which must be there already and keeps other types. */
export function kernelForFloats<Attributes extends object>(
  kernel: ArrayKernel<Attributes>,
  backendName: string,
): tf.KernelConfig {
  const own = tf.getKernel(kernel.name, backendName);
  const forFloats = arrayKernelFunction(kernel, backendName);
  const kernelFunc: tf.KernelFunc = (call) =>
    (call.inputs['x'] as tf.TensorInfo).dtype === 'float32'
      ? forFloats(call)
      : own.kernelFunc(call);
  return { ...own, kernelFunc };
}

/** Registers a kernel for its backend, in place of one that is there. */
export function replaceKernel(config: tf.KernelConfig): void {
  const { kernelName, backendName } = config;
  if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(config);
}

/** Calls a registered kernel by name. */
export function runKernel<T extends tf.Tensor | tf.Tensor[]>(
  name: string,
  inputs: Record<string, tf.Tensor | undefined>,
  attributes: object = {},
): T {
  const given = Object.entries(inputs).filter(([, tensor]) => tensor !== undefined);
  return tf
    .engine()
    .runKernel<T>(
      name,
      Object.fromEntries(given) as unknown as tf.NamedTensorMap,
      attributes as tf.NamedAttrMap,
    );
}
