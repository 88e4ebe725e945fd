import { beforeAll, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import models, { initialize, networkFrom } from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { randomStreams, wasm } from '@winnow/tensor-backend';
import { Golden, relativeError } from '@winnow/golden';
import { gatherStatistics } from './gather-statistics.ts';

const registry = new ComponentRegistry(models.components);
const shape = { height: 32, width: 32, channels: 3 };

async function sixteenImages() {
  const { images, labels } = (await Golden.load('batch')).batch();
  const pixels = images.dataSync<'float32'>();
  return arraySource({ pixels, labels: Int32Array.from(labels.dataSync()), shape });
}

beforeAll(() => wasm.start());

it("has PyTorch's mean and unbiased variance of what two batches of eight bring to every layer", async () => {
  const [weights, frozen] = await Promise.all(['weights', 'frozen'].map((n) => Golden.load(n)));
  const network = registry.get('model', 'resnet8').build(shape, 10, {});
  const source = await sixteenImages();
  const parameters = weights!.tensors();
  const held = tf.memory().numTensors;
  const steps: number[] = [];
  const statistics = await gatherStatistics(network, parameters, source, 8, ({ step, images }) =>
    steps.push(step, images),
  );
  expect(steps).toEqual([1, 8, 2, 8]);
  expect(Object.keys(statistics).sort()).toEqual(frozen!.names('population.').sort());
  for (const [name, values] of Object.entries(statistics)) {
    const expected = frozen!.values(`population.${name}`);
    expect(relativeError(values.dataSync(), expected)).toBeLessThan(1e-4);
  }
  tf.dispose(statistics);
  expect(tf.memory().numTensors).toBe(held);
});

it('refuses a batch size that is none, in place of finding nothing', async () => {
  const network = registry.get('model', 'resnet8').build(shape, 10, {});
  const parameters = initialize(network, randomStreams(0)('initialisation'));
  const source = await sixteenImages();
  for (const batchSize of [undefined, NaN])
    await expect(
      gatherStatistics(network, parameters, source, batchSize as unknown as number),
    ).rejects.toMatchObject({ code: 'INVALID_OPTION' });
});

it('refuses images that have no variance: none, or one of one number a channel', async () => {
  const dot = { height: 1, width: 1, channels: 1 };
  const network = networkFrom(
    'dot',
    (layers, images) =>
      layers.linear('head', layers.flatten(layers.normalize('norm', images)), { units: 2 }),
    dot,
    2,
  );
  const parameters = initialize(network, randomStreams(0)('initialisation'));
  for (const count of [0, 1]) {
    const [pixels, labels] = [new Float32Array(count), new Int32Array(count)];
    const source = arraySource({ pixels, labels, shape: dot });
    const held = tf.memory().numTensors;
    await expect(gatherStatistics(network, parameters, source, 4)).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(`"norm" meets is not known of ${count} number`),
    });
    expect(tf.memory().numTensors).toBe(held);
  }
});

it('finds nothing in a network that does not normalise, after one batch', async () => {
  const network = registry.get('model', 'lenet').build(shape, 10, {});
  const parameters = initialize(network, randomStreams(0)('initialisation'));
  let steps = 0;
  const source = await sixteenImages();
  expect(await gatherStatistics(network, parameters, source, 4, () => steps++)).toEqual({});
  expect(steps).toBe(0);
});
