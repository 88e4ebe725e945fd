import { expect, it } from '@jest/globals';
import { memoryLines } from './tell-run.ts';

it('tells the memory of a run on a device, beside that of its process', () => {
  const peakMemoryBytes = 512 * 2 ** 20;
  expect(memoryLines({ peakMemoryBytes, peakDeviceBytes: 96.4 * 2 ** 20 })).toEqual([
    'most memory: process 512 MiB, tensors on the device 96 MiB',
  ]);
  expect(memoryLines({ peakMemoryBytes })).toEqual([]);
});
