import { beforeAll, describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import { ComponentRegistry, type Network } from '@winnow/plugin-api';
import { randomStreams, wasm } from '@winnow/tensor-backend';
import { ActivationNames } from './activation-names.ts';
import { initialize } from './initialize.ts';
import { networkFrom } from './network.ts';
import plugin from './plugin.ts';

const input = { height: 8, width: 8, channels: 1 };

function namesOf(network: Network): string[] {
  const names: string[] = [];
  const capture = (_: tf.Tensor, name: string) => void names.push(name);
  tf.tidy(() => {
    const parameters = initialize(network, randomStreams(0)('initialisation'));
    network.forward(parameters, tf.ones([2, 8, 8, 1]), { capture });
  });
  return names;
}

describe('an activation is named after the last layer with parameters before it', () => {
  beforeAll(() => wasm.start());

  it.each([
    ['lenet', ['fc1', 'fc2']],
    ['conv2', ['conv1', 'conv2', 'fc1', 'fc2']],
    [
      'resnet8',
      [
        'stem.bn',
        ...['stage1.block1.bn1', 'stage1.block1.bn2'],
        // Where a block strides, the sum comes after the shortcut's own normalisation.
        ...['stage2.block1.bn1', 'stage2.block1.shortcut.bn'],
        ...['stage3.block1.bn1', 'stage3.block1.shortcut.bn'],
      ],
    ],
  ])('%s', (model, names) => {
    const built = new ComponentRegistry(plugin.components).get('model', model).build(input, 10);
    expect(namesOf(built)).toEqual(names);
  });

  it('with a number where the name was given before', () => {
    const network = networkFrom(
      'twice',
      (layers, images, classes) => {
        const x = layers.relu(layers.flatten(layers.relu(images)));
        const y = layers.linear('fc1', x, { units: 3 });
        return layers.linear('fc2', layers.relu(layers.add(layers.relu(y), y)), { units: classes });
      },
      input,
      10,
    );
    expect(namesOf(network)).toEqual(['images', 'images.2', 'fc1', 'fc1.2']);
  });

  it('and no two alike, even where a layer has the number in its name', () => {
    const names = new ActivationNames();
    expect(['a', 'a', 'a.2', 'a', 'a.2'].map((name) => names.unique(name))).toEqual([
      'a',
      'a.2',
      'a.2.2',
      'a.3',
      'a.2.3',
    ]);
  });
});
