import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { hashed, inFloat64, relativeError } from '@winnow/golden';
import { crossEntropy, valueAndGradient } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { adaptLayersModel } from './adapt-layers-model.ts';
import { denseNet, mobileNet, mobileNetV2 } from './testing/keras-applications.ts';

const BATCH = 4;
const CLASSES = 5;

describe.each(backendsHere())('on $name', (backend) => {
  beforeAll(() => backend.start());

  it.each([
    ['MobileNet', mobileNet],
    ['MobileNetV2', mobileNetV2],
    ['DenseNet', denseNet],
  ])('logits and gradients of the loss are those of plain loops in float64: %s', (_, build) => {
    const { network } = adaptLayersModel(build());
    const { input, graph, parameters: specs } = network;
    const size = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);
    const parameters = new Map(
      specs.map(({ name, shape }, i) => {
        const [low, high] = shape.length > 1 ? [-1, 1] : [0.2, 1.2];
        return [name, hashed(size(shape), i, low, high)];
      }),
    );
    const { height, width, channels } = input;
    const images = hashed(BATCH * height * width * channels, 99, -2, 2);
    const labels = Int32Array.of(0, 1, 2, 4);
    const pass = inFloat64({ input, graph: graph!, parameters, images, batch: BATCH });
    // So near no ReLU decides otherwise in float32.
    expect(pass.margin).toBeGreaterThan(1e-6);
    const powers = pass.logits.map(Math.exp);
    const dlogits = powers.map((p, i) => {
      const row = Math.floor(i / CLASSES);
      const all = powers.subarray(row * CLASSES, (row + 1) * CLASSES).reduce((a, b) => a + b);
      return (p / all - (i % CLASSES === labels[row] ? 1 : 0)) / BATCH;
    });
    const exact = pass.gradients(dlogits);
    tf.tidy(() => {
      const packed = tf.tensor1d([...parameters.values()].flatMap((values) => [...values]));
      let logits: ArrayLike<number> = [];
      const { gradient } = valueAndGradient((vector) => {
        const parts = tf.split(
          vector,
          specs.map(({ shape }) => size(shape)),
        );
        const own = Object.fromEntries(
          specs.map(({ name, shape }, i) => [name, tf.reshape(parts[i]!, [...shape])]),
        );
        const shaped = tf.tensor4d(images, [BATCH, height, width, channels]);
        const y = network.forward(own, shaped);
        logits = y.dataSync().slice();
        return crossEntropy(y, tf.tensor1d(labels, 'int32'));
      }, packed);
      expect(relativeError(logits, pass.logits)).toBeLessThan(1e-4);
      const expected = specs.flatMap(({ name }) => [...exact.get(name)!]);
      expect(relativeError(gradient.dataSync(), expected)).toBeLessThan(1e-4);
    });
  });
});
