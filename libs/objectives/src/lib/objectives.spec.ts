import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import models from '@winnow/models';
import { ComponentRegistry, type NamedTensors, type Network } from '@winnow/plugin-api';
import { wasm } from '@winnow/tensor-backend';
import { quickBackendsHere } from '@winnow/tensor-backend/node';
import { Golden, relativeError } from '@winnow/golden';
import { objectiveOn } from './objective-on.ts';
import plugin from './plugin.ts';

const registry = new ComponentRegistry([...models.components, ...plugin.components]);
/** What the golden files call the objectives that they have numbers of. */
const GOLDEN_NAMES = {
  kl: 'kl',
  loss: 'loss',
  'delta-loss': 'deltaloss',
  'gradient-norm': 'gradnorm',
  'forward-kl': 'forward-kl',
  feature: 'feature',
  'gradient-match': 'gradmatch',
};
const TEMPERATURE = 2 / 3;

const resnet8 = () =>
  registry
    .get('model', 'resnet8')
    .build({ height: 32, width: 32, channels: 3 }, 10, { shortcut: 'conv3x3' });

describe.each(quickBackendsHere())('objectives on $name', (backend) => {
  let network: Network;
  let weights: Golden, images: Golden, concrete: Golden;
  let values: Record<string, number>;

  beforeAll(async () => {
    await backend.start();
    network = resnet8();
    weights = await Golden.load('weights');
    images = await Golden.load('batch');
    concrete = await Golden.load('concrete');
    const path = Golden.path('objectives').replace(/safetensors$/, 'json');
    values = JSON.parse(await readFile(path, 'utf8')) as typeof values;
  });

  it.each(Object.entries(GOLDEN_NAMES))(
    '%s has the golden value and gradient with respect to the mask logits',
    (name, golden) => {
      const objective = registry.get('objective', name);
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const names = concrete.names('logits.');
        const logits = concrete.tensors('logits.');
        const noise = concrete.tensors('uniform.');
        const evaluate = objectiveOn({
          network,
          parameters: weights.tensors(),
          batch: images.batch(),
        });
        const value = (...alphas: tf.Tensor[]) => {
          const mask: NamedTensors = Object.fromEntries(
            names.map((n, i) => {
              const u = noise[n] as tf.Tensor;
              const logistic = tf.log(tf.div(u, tf.sub(1, u)));
              return [n, tf.sigmoid(tf.add(tf.div(logistic, TEMPERATURE), alphas[i] as tf.Tensor))];
            }),
          );
          return evaluate(objective, mask).value;
        };
        const result = tf.valueAndGrads(value)(names.map((n) => logits[n] as tf.Tensor));
        const expected = values[golden] as number;
        const actual = result.value.dataSync()[0] as number;
        expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-4);
        expect(
          Math.abs(actual / (concrete.values(`objective.${golden}`)[0] as number) - 1),
        ).toBeLessThan(1e-4);
        for (const [i, n] of names.entries()) {
          const gradient = (result.grads[i] as tf.Tensor).dataSync();
          const goal = concrete.values(`objectiveGrad.${golden}.${n}`);
          expect([n, relativeError(gradient, goal) < 1e-4]).toEqual([n, true]);
        }
      });
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

// On one backend, since the reference would take half a minute.
describe('objectives at the dense mask', () => {
  beforeAll(() => wasm.start());

  it('are 0 wherever they say that they are stationary there', async () => {
    const [weights, images] = await Promise.all(['weights', 'batch'].map((n) => Golden.load(n)));
    tf.tidy(() => {
      const evaluate = objectiveOn({
        network: resnet8(),
        parameters: weights!.tensors(),
        batch: images!.batch(),
      });
      for (const objective of registry.all('objective').filter((o) => o.stationaryAtDense)) {
        const value = evaluate(objective, undefined).value.dataSync()[0] as number;
        expect(Math.abs(value)).toBeLessThan(1e-6);
      }
    });
  });
});
