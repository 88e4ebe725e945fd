import { expect, it } from '@jest/globals';
import type * as training from '@winnow/training';
import { prunerContext } from './pruner-context.ts';

it('heeds the signal while it evaluates, as it does while it trains', async () => {
  const { signal } = new AbortController();
  const heeded: unknown[] = [];
  const room = {
    trainUnder: (_: unknown, job: training.TrainingJob) => void heeded.push(job.signal),
    evaluate: (...[, , , , options]: Parameters<typeof training.evaluate>) => {
      heeded.push(options?.signal);
      return Promise.resolve({ accuracy: 0.5 });
    },
  };
  const context = prunerContext({} as never, { signal } as never, {
    ...{ checkpoints: {} as never, recipe: {} as never, provenance: { seed: 1 } as never },
    training: room as unknown as typeof training,
  });
  await context.trainToEnd({} as never);
  expect(await context.validationAccuracy({})).toBe(0.5);
  expect(heeded).toEqual([signal, signal]);
});
