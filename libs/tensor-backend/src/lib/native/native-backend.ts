import * as tf from '@tensorflow/tfjs-core';
import type { Borrower, Halves } from '../reference/reference-kernel.ts';
import type { Engine } from './engine.ts';
import type { EngineMemory, Moments } from './engine-memory.ts';
import type { Handle } from './signature.ts';

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Numbers live in the engine; strings and the two halves of complex numbers are kept beside it. */
interface TensorData {
  readonly dtype: tf.DataType;
  readonly size: number;
  readonly handle?: Handle;
  readonly strings?: tf.backend_util.BackendValues;
  /** What the convolution that made it knows of its channels. */
  moments?: Moments;
  complexTensorInfos?: Halves;
  refCount: number;
}

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** The engine's names for types of numbers. */
export const TYPES = { float32: 'Float32', int32: 'Int32', bool: 'Bool' } as const;
export type NumberType = keyof typeof TYPES;

export const sizeOf = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
/** Of a tensor of numbers. */
export const typeOf = ({ dtype }: tf.TensorInfo) => TYPES[dtype as NumberType];
const itemBytes = (dtype: tf.DataType): 1 | 4 => (dtype === 'bool' ? 1 : 4);

/** TensorFlow.js's storage of tensors in the engine's memory; its kernels are registered apart. */
export class NativeBackend extends tf.KernelBackend implements Borrower, EngineMemory {
  readonly engine: Engine;
  readonly data: tf.DataStorage<TensorData>;
  #lastId = 0;
  /** Of all tensors alive, for `dispose`. */
  readonly #handles = new Set<Handle>();

  constructor(engine: Engine) {
    super();
    this.engine = engine;
    this.data = new tf.DataStorage(this, tf.engine());
  }

  #add(data: TensorData): tf.DataId {
    const dataId = { id: ++this.#lastId };
    this.data.set(dataId, data);
    return dataId;
  }

  #stored(
    values: tf.backend_util.BackendValues | null,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): TensorData {
    const size = sizeOf(shape);
    if (dtype === 'string') return { dtype, size, strings: values ?? [], refCount };
    if (dtype === 'complex64') return { dtype, size, refCount };
    const ArrayType = ARRAYS[dtype];
    const handle = this.engine.allocate(size * itemBytes(dtype));
    this.#handles.add(handle);
    if (values) {
      const numbers =
        values instanceof ArrayType ? values : ArrayType.from(values as unknown as number[]);
      if (numbers.length < size)
        throw new RangeError(`A tensor [${shape.join(', ')}] is given ${numbers.length} numbers.`);
      this.engine.write(handle, numbers.length > size ? numbers.subarray(0, size) : numbers);
    }
    return { dtype, size, handle, refCount };
  }

  override write(
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
  ): tf.DataId {
    return this.#add(this.#stored(values, shape, dtype, 1));
  }

  override move(
    dataId: tf.DataId,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    this.data.set(dataId, this.#stored(values, shape, dtype, refCount));
  }

  /** A tensor of arbitrary numbers, for a kernel to fill. */
  output(shape: readonly number[], dtype: tf.DataType = 'float32'): tf.TensorInfo {
    return {
      dataId: this.#add(this.#stored(null, [...shape], dtype, 1)),
      shape: [...shape],
      dtype,
    };
  }

  halves({ dataId }: tf.TensorInfo): Halves | undefined {
    return this.data.get(dataId).complexTensorInfos;
  }

  complex(shape: readonly number[], halves: Halves): tf.TensorInfo {
    const info = this.output(shape, 'complex64');
    this.data.get(info.dataId).complexTensorInfos = halves;
    return info;
  }

  /** Items of x from `offset` on, in x's own memory. */
  view(x: tf.TensorInfo, offset: number, shape: readonly number[]): tf.TensorInfo {
    const size = sizeOf(shape);
    const bytes = itemBytes(x.dtype);
    const handle = this.engine.view(this.handle(x), offset * bytes, size * bytes);
    this.#handles.add(handle);
    const dataId = this.#add({ dtype: x.dtype, size, handle, refCount: 1 });
    return { dataId, shape: [...shape], dtype: x.dtype };
  }

  makeTensorInfo(
    shape: number[],
    dtype: tf.DataType,
    values: tf.backend_util.BackendValues,
  ): tf.TensorInfo {
    return { dataId: this.write(values, shape, dtype), shape, dtype };
  }

  keepMoments(
    { dataId, shape }: tf.TensorInfo,
    most: number,
    compute: (moments: Handle | undefined) => number,
  ): void {
    const handle = this.engine.allocate(most * 2 * shape.at(-1)! * 8);
    const parts = compute(handle);
    if (parts === 0) {
      this.engine.release(handle);
      return;
    }
    this.#handles.add(handle);
    this.data.get(dataId).moments = { handle, parts, channels: shape.at(-1)! };
  }

  moments({ dataId, shape }: tf.TensorInfo): Moments | undefined {
    const { moments } = this.data.get(dataId);
    // A reshape shares the numbers, and may cut other channels of them.
    return moments?.channels === shape.at(-1) ? moments : undefined;
  }

  /** The engine's memory of a tensor of numbers. */
  handle({ dataId }: tf.TensorInfo): Handle {
    const { handle, dtype } = this.data.get(dataId);
    if (handle === undefined) throw new Error(`A tensor of type ${dtype} has no numbers.`);
    return handle;
  }

  /** The same numbers under another shape. */
  shared(x: tf.TensorInfo, shape: readonly number[] = x.shape): tf.TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
  }

  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const { dtype, size, handle, strings, complexTensorInfos } = this.data.get(dataId);
    if (dtype === 'string') return strings as tf.backend_util.BackendValues;
    if (complexTensorInfos) {
      const { real, imag } = complexTensorInfos;
      return tf.backend_util.mergeRealAndImagArrays(
        this.readSync(real.dataId) as Float32Array,
        this.readSync(imag.dataId) as Float32Array,
      );
    }
    const values: Numbers = new ARRAYS[dtype as keyof typeof ARRAYS](size);
    this.engine.read(handle as Handle, values);
    return values;
  }

  override read(dataId: tf.DataId): Promise<tf.backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  bufferSync<R extends tf.Rank, D extends tf.DataType>(t: tf.TensorInfo): tf.TensorBuffer<R, D> {
    const values = this.readSync(t.dataId);
    const decoded =
      t.dtype === 'string'
        ? (values as Uint8Array[]).map((bytes) => tf.util.decodeString(bytes))
        : values;
    return tf.buffer(t.shape as tf.ShapeMap[R], t.dtype as D, decoded as tf.DataTypeMap[D]);
  }

  override refCount(dataId: tf.DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.data.get(dataId).refCount++;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    this.#release(data.handle);
    this.#release(data.moments?.handle);
    if (data.complexTensorInfos) {
      this.disposeData(data.complexTensorInfos.real.dataId, true);
      this.disposeData(data.complexTensorInfos.imag.dataId, true);
    }
    this.data.delete(dataId);
    return true;
  }

  #release(handle: Handle | undefined): void {
    if (handle === undefined) return;
    this.#handles.delete(handle);
    this.engine.release(handle);
  }

  disposeIntermediateTensorInfo({ dataId }: tf.TensorInfo): void {
    this.disposeData(dataId);
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override time(f: () => void): Promise<tf.BackendTimingInfo> {
    const start = performance.now();
    f();
    return Promise.resolve({ kernelMs: performance.now() - start });
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override dispose(): void {
    for (const handle of this.#handles) this.engine.release(handle);
    this.#handles.clear();
    this.engine.trim();
  }
}
