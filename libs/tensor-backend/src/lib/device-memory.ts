import * as tf from '@tensorflow/tfjs-core';

/** The most bytes that a backend's tensors have taken on its device at a time, as it was told. */
export class DeviceMemory {
  #mostBytes = 0;

  get mostBytes(): number {
    return this.#mostBytes;
  }

  /** Told of what is held, whenever that has become more. */
  holds(bytes: number): void {
    this.#mostBytes = Math.max(this.#mostBytes, bytes);
  }

  forget(): void {
    this.#mostBytes = 0;
  }
}

/** What a backend of TensorFlow.js has of it that computes on a device. */
export interface OnDevice {
  readonly deviceMemory: DeviceMemory;
}

const current = () => (tf.backend() as Partial<OnDevice>).deviceMemory;

/**
 * The most bytes that tensors have taken at a time on the device of the current backend since `forgetDeviceBytes`: on
 * `tensorflow` and `tensorflow-gpu` of the tensors that TensorFlow holds, on `webgpu` of the buffers in use. `undefined`
 * where tensors lie in the host's memory alone.
 */
export function mostDeviceBytes(): number | undefined {
  return current()?.mostBytes;
}

/** Has the most bytes found from here on. */
export function forgetDeviceBytes(): void {
  current()?.forget();
}
