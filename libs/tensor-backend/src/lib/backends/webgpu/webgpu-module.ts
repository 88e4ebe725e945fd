import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type * as tf from '@tensorflow/tfjs-core';
import type { Halves } from '../../reference/reference-kernel.ts';
import type { DawnPackage, Gpu, GpuAdapterInfo, GpuBuffer, GpuDevice } from './dawn.ts';
import type { WebgpuProgram } from './mend-program.ts';

/** What TensorFlow.js's backend keeps of a tensor. */
export interface TensorData {
  readonly dtype: tf.DataType;
  readonly shape: number[];
  /** On the host: not uploaded yet, or read. */
  readonly values?: tf.BackendValues | null;
  readonly resource?: GpuBuffer | null;
  complexTensorInfos?: Halves;
}

export interface BufferManager {
  readonly numBytesUsed: number;
  numBytesAllocated: number;
  numFreeBuffers: number;
  /** By size and usage, for reuse. */
  readonly freeBuffers: ReadonlyMap<string, GpuBuffer[]>;
  acquireBuffer(
    size: number,
    usage: number,
    mappedAtCreation?: boolean,
    reuse?: boolean,
  ): GpuBuffer;
  releaseBuffer(buffer: GpuBuffer, reuse?: boolean): void;
}

export interface CommandEncoder {
  copyBufferToBuffer(from: GpuBuffer, at: number, to: GpuBuffer, toAt: number, size: number): void;
}

/** TensorFlow.js's `WebGPUBackend`, as far as it is used here. */
export interface TensorflowWebgpu extends tf.KernelBackend {
  readonly device: GpuDevice;
  readonly bufferManager: BufferManager;
  readonly tensorMap: tf.DataStorage<TensorData>;
  readonly commandEncoder: CommandEncoder;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  runWebGPUProgram(
    program: WebgpuProgram,
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms?: readonly object[],
    output?: tf.TensorInfo,
  ): tf.TensorInfo;
  convertAndCacheOnCPU(dataId: tf.DataId, values: tf.BackendValues): tf.BackendValues;
  readSync(dataId: tf.DataId): tf.BackendValues;
  read(dataId: tf.DataId): Promise<tf.BackendValues>;
}

export type TensorflowWebgpuClass = new (
  device: GpuDevice,
  info: GpuAdapterInfo,
) => TensorflowWebgpu;

/** What the package takes for global and Node has not. */
const BROWSER = ['GPUBuffer', 'GPUTexture', 'GPUBufferUsage', 'GPUTextureUsage', 'GPUMapMode'];

/**
 * Loads @tensorflow/tfjs-backend-webgpu from its one CommonJS file, with what a browser has given to it as arguments: the
 * process gets no new globals, and the package the TensorFlow.js that Winnow runs on, not a second copy.
 */
export function loadTensorflowWebgpu(
  path: string,
  gpu: Gpu,
  globals: DawnPackage['globals'],
): TensorflowWebgpuClass {
  const navigator = { gpu };
  const given: Readonly<Record<string, unknown>> = {
    require: createRequire(import.meta.url),
    navigator,
    globalThis: Object.create(globalThis, { navigator: { value: navigator } }),
    ...Object.fromEntries(BROWSER.map((name) => [name, globals[name]])),
  };
  const exports: { WebGPUBackend?: TensorflowWebgpuClass } = {};
  const load = compileFunction(readFileSync(path, 'utf8'), ['exports', ...Object.keys(given)], {
    filename: path,
  }) as (...args: unknown[]) => void;
  load(exports, ...Object.values(given));
  if (!exports.WebGPUBackend) throw new Error(`${path} has no WebGPUBackend`);
  return exports.WebGPUBackend;
}
