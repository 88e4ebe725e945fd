import { expect, it } from '@jest/globals';
import { cpu } from '@winnow/tensor-backend';
import { toTensors } from './to-tensors.ts';

it('makes tensors that later changes of the numbers are not seen in', async () => {
  // Which keeps the array that a tensor is made of.
  await cpu.start();
  const data = Float32Array.of(1, 2);
  const { w } = toTensors(new Map([['w', { dtype: 'F32', shape: [2], data }]]));
  data.fill(9);
  expect([...w!.dataSync()]).toEqual([1, 2]);
  w!.dispose();
});
