import { expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { cpu } from './backends/cpu.ts';
import { DeviceMemory, forgetDeviceBytes, mostDeviceBytes } from './device-memory.ts';

it('is known of a backend with a device, and of no other', async () => {
  await cpu.start();
  forgetDeviceBytes();
  expect(mostDeviceBytes()).toBeUndefined();
  const deviceMemory = new DeviceMemory();
  Object.assign(tf.backend(), { deviceMemory });
  for (const bytes of [3, 7, 5]) deviceMemory.holds(bytes);
  expect(mostDeviceBytes()).toBe(7);
  forgetDeviceBytes();
  expect(mostDeviceBytes()).toBe(0);
});
