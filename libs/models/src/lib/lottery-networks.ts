import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';

// The networks of Frankle and Carbin, "The lottery ticket hypothesis" (arXiv 1803.03635, table 1).

const lenet: Architecture = (layers, images, classes) => {
  let x = layers.flatten(images);
  x = layers.relu(layers.linear('fc1', x, { units: 300 }));
  x = layers.relu(layers.linear('fc2', x, { units: 100 }));
  return layers.linear('fc3', x, { units: classes });
};

/** Pairs of 3×3 convolutions with 64, 128 and 256 channels, each pair followed by max-pooling, then three linear layers. */
function convNetwork(depth: number): Architecture {
  return (layers, images, classes) => {
    let x = images;
    for (let i = 1; i <= depth; i++) {
      const channels = 64 * 2 ** Math.floor((i - 1) / 2);
      x = layers.relu(layers.conv(`conv${i}`, x, { channels, kernel: 3, padding: 1, bias: true }));
      if (i % 2 === 0) x = layers.maxPool(x, { size: 2, stride: 2 });
    }
    x = layers.flatten(x);
    x = layers.relu(layers.linear('fc1', x, { units: 256 }));
    x = layers.relu(layers.linear('fc2', x, { units: 256 }));
    return layers.linear('fc3', x, { units: classes });
  };
}

function model(name: string, summary: string, architecture: Architecture) {
  return defineModel({
    name,
    summary,
    options: z.strictObject({}),
    rewindEpochs: 9,
    build: (input, classes) => networkFrom(name, architecture, input, classes),
  });
}

export const lotteryNetworks = [
  model('lenet', 'LeNet-300-100, fully connected', lenet),
  ...[2, 4, 6].map((depth) =>
    model(`conv${depth}`, `Conv-${depth} of Frankle and Carbin`, convNetwork(depth)),
  ),
];
