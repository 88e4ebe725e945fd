import { beforeAll, expect, it } from '@jest/globals';
import { ComponentRegistry, type ModelDescriptor } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { stepMsOf, takeMeasuredSteps } from './measured-step.ts';
import { toyModel } from './testing/toy-components.ts';
import { TOYS } from './testing/toy-run.ts';

beforeAll(() => wasm.start());

it('counts the first step only where it is the only one', () => {
  expect(stepMsOf([])).toBeUndefined();
  expect(stepMsOf([900])).toBe(900);
  expect(stepMsOf([900, 30, 10, 20])).toBe(20);
  expect(stepMsOf([900, 10, 20])).toBe(15);
});

it.each([
  [10, 7],
  [1000, 2],
  [6000, 1],
])('of steps that take %d ms, takes %d, one to warm up included', async (stepMs, count) => {
  const resnet20 = { ...toyModel, name: 'resnet20' } as unknown as ModelDescriptor;
  const registry = new ComponentRegistry([resnet20, ...TOYS.all('objective')]);
  let now = 0;
  const steps: number[] = [];
  // Looked at before a step is begun, at its start and at its end.
  await takeMeasuredSteps(
    registry,
    (ms) => steps.push(ms),
    () => (now += stepMs),
  );
  expect(steps).toEqual(Array.from({ length: count }, () => stepMs));
});
