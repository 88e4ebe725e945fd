import * as tf from '@tensorflow/tfjs-core';
import { WinnowError } from '@winnow/plugin-api';
import { DeviceMemory, type OnDevice } from '../../device-memory.ts';
import type { Borrower, Halves } from '../../reference/reference-kernel.ts';
import type { DawnTurns, GpuAdapterInfo, GpuBuffer, GpuDevice } from './dawn.ts';
import { type DeviceHealth, gibibytes, outOfMemory } from './device-health.ts';
import { mapNow } from './map-now.ts';
import { mendProgram } from './mend-program.ts';
import type { TensorflowWebgpu, TensorflowWebgpuClass } from './webgpu-module.ts';

const COPY_DST = 0x8;
const MAP_READ = 0x1;
const STORAGE = 0x80;
/** Beyond twice the most that was in use at a time. */
const SPARE_BYTES = 2 ** 26;
/** Longer than any step of use, also of drivers in software. */
const PATIENCE_MS = 10 * 60_000;

/**
 * TensorFlow.js's backend with synchronous reads, which its own has in browsers alone. Every read throws what the device
 * complained of since the last one.
 */
export function webgpuBackend(
  Base: TensorflowWebgpuClass,
  device: GpuDevice,
  info: GpuAdapterInfo,
  turns: DawnTurns,
  health: DeviceHealth,
): TensorflowWebgpu {
  class WebgpuBackend extends Base implements Borrower, OnDevice {
    readonly deviceMemory = new DeviceMemory();
    #mostUsed = 0;

    constructor() {
      super(device, info);
      const manager = this.bufferManager;
      const acquire = manager.acquireBuffer.bind(manager);
      const largest = Math.min(
        device.limits['maxBufferSize']!,
        device.limits['maxStorageBufferBindingSize']!,
      );
      manager.acquireBuffer = (size, usage, ...how): GpuBuffer => {
        if (usage & STORAGE && size > largest)
          throw outOfMemory(
            `a tensor takes ${gibibytes(size)}, and one may take ${gibibytes(largest)}`,
          );
        const buffer = acquire(size, usage, ...how);
        this.#mostUsed = Math.max(this.#mostUsed, manager.numBytesUsed);
        this.deviceMemory.holds(manager.numBytesUsed);
        return buffer;
      };
    }

    /** Buffers are kept for tensors of the same size; all that are kept go where they would double what is needed. */
    override submitQueue(): void {
      super.submitQueue();
      const manager = this.bufferManager;
      if (manager.numBytesAllocated < 2 * this.#mostUsed + SPARE_BYTES) return;
      for (const kept of manager.freeBuffers.values()) {
        for (const buffer of kept.splice(0)) {
          manager.numBytesAllocated -= buffer.size;
          manager.numFreeBuffers--;
          buffer.destroy();
        }
      }
    }

    /** Has a copy of a tensor made that the host may map. */
    #stage(resource: GpuBuffer): GpuBuffer {
      const { size } = resource;
      const staging = this.bufferManager.acquireBuffer(size, COPY_DST | MAP_READ);
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.commandEncoder.copyBufferToBuffer(resource, 0, staging, 0, size);
      this.submitQueue();
      return staging;
    }

    /** The numbers of a copy that is mapped, kept with their tensor while that is there. */
    #take(staging: GpuBuffer, dataId: tf.DataId, dtype: tf.DataType): tf.BackendValues {
      const bytes = staging.getMappedRange().slice(0);
      staging.unmap();
      this.bufferManager.releaseBuffer(staging);
      health.assertGood();
      const values = tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype);
      return this.tensorMap.has(dataId) ? this.convertAndCacheOnCPU(dataId, values) : values;
    }

    override readSync(dataId: tf.DataId): tf.BackendValues {
      const { values, dtype, resource } = this.tensorMap.get(dataId);
      // Complex numbers come back here in their halves.
      if (values || !resource) return super.readSync(dataId);
      const staging = this.#stage(resource);
      const trouble = mapNow(staging, turns, PATIENCE_MS);
      if (trouble) throw health.unanswered(trouble);
      return this.#take(staging, dataId, dtype);
    }

    override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
      const { values, dtype, resource } = this.tensorMap.get(dataId);
      if (values || !resource) return super.read(dataId);
      const staging = this.#stage(resource);
      await staging.mapAsync(MAP_READ).catch(() => {
        throw health.unanswered('lost');
      });
      return this.#take(staging, dataId, dtype);
    }

    override runWebGPUProgram(
      ...call: Parameters<TensorflowWebgpu['runWebGPUProgram']>
    ): tf.TensorInfo {
      mendProgram(call[0], call[2]);
      try {
        return super.runWebGPUProgram(...call);
      } catch (cause) {
        // Of tensors of more than six dimensions, or four.
        if (!(cause instanceof Error) || !cause.message.endsWith('is not yet supported'))
          throw cause;
        throw new WinnowError(
          'UNSUPPORTED_MODEL',
          `Backend "webgpu" cannot compute this (${cause.message}).`,
          { hint: 'Take another --backend.', cause },
        );
      }
    }

    halves({ dataId }: tf.TensorInfo): Halves | undefined {
      return this.tensorMap.get(dataId).complexTensorInfos;
    }

    complex(shape: readonly number[], halves: Halves): tf.TensorInfo {
      const info = this.makeTensorInfo([...shape], 'complex64');
      this.tensorMap.get(info.dataId).complexTensorInfos = halves;
      return info;
    }
  }
  return new WebgpuBackend();
}
