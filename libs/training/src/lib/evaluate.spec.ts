import { beforeAll, describe, expect, it } from '@jest/globals';
import { arraySource } from '@winnow/data';
import { initialize, networkFrom } from '@winnow/models';
import { cpu, randomStreams } from '@winnow/tensor-backend';
import { evaluate } from './evaluate.ts';
import type { PassProgress } from './pass-progress.ts';

const shape = { height: 2, width: 2, channels: 1 };
const source = arraySource({
  pixels: Float32Array.from({ length: 9 * 4 }, (_, i) => Math.sin(i)),
  labels: Int32Array.from({ length: 9 }, (_, i) => i % 2),
  shape,
});
const network = networkFrom(
  'linear',
  (layers, images) => layers.linear('head', layers.flatten(images), { units: 2 }),
  shape,
  2,
);

describe('evaluate', () => {
  beforeAll(() => cpu.start());
  const parameters = () => initialize(network, randomStreams(1)('initialisation'));

  it('tells of every batch, the last of which has the remainder', async () => {
    const told: PassProgress[] = [];
    const onProgress = (progress: PassProgress) => void told.push(progress);
    const { examples } = await evaluate(network, parameters(), source, 2, { onProgress });
    expect(examples).toBe(9);
    expect(told).toEqual([
      { step: 1, steps: 4, images: 2 },
      { step: 2, steps: 4, images: 2 },
      { step: 3, steps: 4, images: 2 },
      { step: 4, steps: 4, images: 3 },
    ]);
  });

  it('refuses a label that the network has no logit for', async () => {
    const labels = Int32Array.of(0, 1, 2);
    const wrong = arraySource({ pixels: new Float32Array(3 * 4), labels, shape });
    await expect(evaluate(network, parameters(), wrong, 2)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('the label 2, and linear has 2 classes'),
    });
  });

  it('refuses a network of one class', async () => {
    const one = { ...network, classes: 1 };
    await expect(evaluate(one, parameters(), source, 2)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('linear has 1 class'),
    });
  });

  it('is interrupted between batches, and not after the last', async () => {
    const stopAfter = async (batch: number) => {
      const controller = new AbortController();
      let done = 0;
      const onProgress = ({ step }: PassProgress) => {
        done = step;
        if (step === batch) controller.abort();
      };
      const { signal } = controller;
      const outcome = await evaluate(network, parameters(), source, 2, {
        signal,
        onProgress,
      }).catch((error: { code?: string }) => error.code);
      return [done, outcome];
    };
    expect(await stopAfter(2)).toEqual([2, 'INTERRUPTED']);
    expect(await stopAfter(4)).toEqual([4, await evaluate(network, parameters(), source, 2)]);
  });
});
