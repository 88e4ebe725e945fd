import * as tf from '@tensorflow/tfjs-core';
import type { DawnTurns, GpuAdapterInfo, GpuBuffer, GpuDevice } from './dawn.ts';
import { type DeviceHealth, gibibytes, outOfMemory } from './device-health.ts';
import { mapNow } from './map-now.ts';
import type { TensorflowWebgpu, TensorflowWebgpuClass } from './webgpu-module.ts';

const COPY_DST = 0x8;
const MAP_READ = 0x1;
const STORAGE = 0x80;
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
  class WebgpuBackend extends Base {
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
        return acquire(size, usage, ...how);
      };
    }

    override readSync(dataId: tf.DataId): tf.BackendValues {
      const { values, dtype, resource } = this.tensorMap.get(dataId);
      // Complex numbers come back here in their halves.
      if (values || dtype === 'string' || !resource) return super.readSync(dataId);
      const staging = this.bufferManager.acquireBuffer(resource.size, COPY_DST | MAP_READ);
      this.ensureCommandEncoderReady();
      this.endComputePassEncoder();
      this.commandEncoder.copyBufferToBuffer(resource, 0, staging, 0, resource.size);
      this.submitQueue();
      if (!mapNow(staging, turns, PATIENCE_MS)) throw health.silent();
      const bytes = staging.getMappedRange().slice(0);
      staging.unmap();
      this.bufferManager.releaseBuffer(staging);
      health.assertGood();
      return this.convertAndCacheOnCPU(
        dataId,
        tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype),
      );
    }

    override async read(dataId: tf.DataId): Promise<tf.BackendValues> {
      try {
        return await super.read(dataId);
      } finally {
        // It says more than that a buffer was not mapped.
        health.assertGood();
      }
    }
  }
  return new WebgpuBackend();
}
