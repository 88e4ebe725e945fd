import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ComponentRegistry } from '@winnow/plugin-api';
import { cpu } from '@winnow/tensor-backend';
import { activationShapes } from './activation-shapes.ts';
import { networkOf } from './network-of.ts';
import plugin from './plugin.ts';

const input = { height: 8, width: 8, channels: 1 };

describe(activationShapes, () => {
  beforeAll(() => cpu.start());

  it('are those of one image, in order', () => {
    const conv2 = new ComponentRegistry(plugin.components).get('model', 'conv2').build(input, 10);
    const before = tf.memory().numTensors;
    // Conv-2 of Frankle and Carbin (arXiv 1803.03635): 64 channels twice, then 256 units twice.
    expect([...activationShapes(conv2)]).toEqual([
      ['conv1', [8, 8, 64]],
      ['conv2', [8, 8, 64]],
      ['fc1', [256]],
      ['fc2', [256]],
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('are none of a function that shows none', () => {
    const silent = networkOf(
      ({ matrix }, images) => tf.matMul(tf.reshape(images, [images.shape[0], 64]), matrix),
      { matrix: { shape: [64, 10], initializer: { kind: 'normal', std: 0.2 } } },
      { input },
    );
    expect(activationShapes(silent).size).toBe(0);
  });
});
