import { beforeAll, describe, expect, it } from '@jest/globals';
import { firstImages } from '@winnow/data';
import { digits } from '@winnow/datasets';
import models, { Packing } from '@winnow/models';
import { type ImageSource, type SavedState, ComponentRegistry } from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { train } from './train.ts';

const BATCH = 16;

/** The source, whose read of the batch `nth` (counted from 0) fails until it is mended. */
function corrupted(source: ImageSource, nth: number) {
  const state = { mended: false, reads: 0 };
  const broken: ImageSource = {
    ...source,
    read: (...given) =>
      state.reads++ === nth && !state.mended
        ? Promise.reject(new Error('a corrupt image'))
        : source.read(...given),
  };
  return { state, broken };
}

describe('train over an image that cannot be read', () => {
  beforeAll(() => backendsHere()[0]!.start());

  it('saves what came before, and goes on to the same bits once it is mended', async () => {
    const { train: images, input, classes, recipe } = await digits.open({});
    const source = firstImages(images, 4 * BATCH);
    const network = new ComponentRegistry(models.components)
      .get('model', 'lenet')
      .build(input, classes, {});
    const size = new Packing(network.parameters).size;
    const start = () => Float32Array.from({ length: size }, (_, i) => Math.sin(i) / 20);
    const run = async (
      from: ImageSource,
      parameters: Float32Array,
      saved?: { state?: SavedState },
    ) => {
      const steps: number[] = [];
      await train({
        network,
        source: from,
        recipe: { ...recipe, batchSize: BATCH, name: 'standard', momentum: 0.9, clipNorm: 2 },
        random: randomStreams(1),
        parameters,
        fromEpoch: 0,
        toEpoch: 2,
        checkpoints: {
          load: () => Promise.resolve(saved?.state),
          due: () => false,
          save(state) {
            if (saved) saved.state = structuredClone(state);
            return Promise.resolve();
          },
        },
        signal: new AbortController().signal,
        progress: ({ step }) => void steps.push(step),
      });
      return { parameters, steps };
    };
    const whole = await run(source, start());
    expect(whole.steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);

    const { state, broken } = corrupted(source, 5);
    const saved: { state?: SavedState } = {};
    await expect(run(broken, start(), saved)).rejects.toThrow('a corrupt image');
    expect(saved.state!.values).toEqual({ step: 5 });
    state.mended = true;
    const resumed = await run(broken, start(), saved);
    expect(resumed.steps).toEqual([6, 7, 8]);
    expect(resumed.parameters).toEqual(whole.parameters);
  });
});
