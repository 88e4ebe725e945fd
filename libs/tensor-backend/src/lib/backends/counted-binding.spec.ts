import { expect, it } from '@jest/globals';
import { DeviceMemory } from '../device-memory.ts';
import { type TensorBinding, countedBinding } from './counted-binding.ts';

const FLOAT = 1;
const BOOL = 10;

/** Numbers its tensors, as TensorFlow's does; an op makes one of the shape and type in its attributes. */
class FakeBinding implements TensorBinding {
  readonly TF_FLOAT = FLOAT;
  readonly deleted: number[] = [];
  #next = 0;

  createTensor = () => this.#next++;

  executeOp = (_: string, [shape, dtype]: readonly unknown[]) => [
    { id: this.#next++, shape: shape as number[], dtype: dtype as number },
  ];

  deleteTensor = (id: number) => void this.deleted.push(id);
}

it('tells the most that tensors have taken at a time', () => {
  const memory = new DeviceMemory();
  const own = Object.freeze(new FakeBinding());
  const binding = countedBinding<TensorBinding & { readonly TF_FLOAT: number }>(own, memory);
  expect(binding.TF_FLOAT).toBe(FLOAT);
  const images = binding.createTensor([2, 3], FLOAT, []);
  expect(memory.mostBytes).toBe(24);
  const [mask] = binding.executeOp('Greater', [[2, 3], BOOL], [images], 1);
  expect(memory.mostBytes).toBe(30);
  binding.deleteTensor(mask!.id);
  const sum = binding.createTensor([], FLOAT, []);
  // 24 + 4 are less than before.
  expect(memory.mostBytes).toBe(30);
  binding.deleteTensor(sum);
  expect(own.deleted).toEqual([mask!.id, sum]);
});

it('counts what was reshaped once, until the last of it is gone', () => {
  const memory = new DeviceMemory();
  const binding = countedBinding<TensorBinding>(new FakeBinding(), memory);
  const images = binding.createTensor([2, 3], FLOAT, []);
  const [flat] = binding.executeOp('Reshape', [[6], FLOAT], [images], 1);
  const [column] = binding.executeOp('Reshape', [[6, 1], FLOAT], [flat!.id], 1);
  expect(memory.mostBytes).toBe(24);
  binding.deleteTensor(images);
  binding.deleteTensor(flat!.id);
  binding.createTensor([1], FLOAT, []);
  expect(memory.mostBytes).toBe(28);
  binding.deleteTensor(column!.id);
  memory.forget();
  binding.createTensor([1], FLOAT, []);
  expect(memory.mostBytes).toBe(8);
});
