import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';

const STEM = 16;
const BLOCKS = 3;
/** Of 40 layers one is the stem, two are transitions and one is the head. */
const LAYERS = 12;

/**
 * DenseNet-40 for small images, without bottlenecks and compression (Huang et al., arXiv 1608.06993, §3 and table 2): each
 * layer adds `growth` channels to all before it.
 */
function densenet(growth: number): Architecture {
  return (layers, images, classes) => {
    let channels = STEM;
    let x = layers.conv('stem.conv', images, { channels, kernel: 3, padding: 1 });
    for (let b = 1; b <= BLOCKS; b++) {
      for (let l = 1; l <= LAYERS; l++) {
        const name = `block${b}.layer${l}`;
        const y = layers.normalize(`${name}.bn`, x, { relu: true });
        const added = { channels: growth, kernel: 3, padding: 1 };
        x = layers.concat([x, layers.conv(`${name}.conv`, y, added)]);
        channels += growth;
      }
      if (b === BLOCKS) continue;
      const name = `transition${b}`;
      const y = layers.normalize(`${name}.bn`, x, { relu: true });
      x = layers.conv(`${name}.conv`, y, { channels, kernel: 1 });
      x = layers.averagePool(x, { size: 2, stride: 2 });
    }
    x = layers.normalize('head.bn', x, { relu: true });
    return layers.linear('head.fc', layers.globalAveragePool(x), { units: classes });
  };
}

export const densenet40 = defineModel({
  name: 'densenet40',
  summary: 'DenseNet-40 for small images',
  options: z.strictObject({
    growth: z.int().min(1).max(256).default(12).describe('channels that each layer adds'),
  }),
  rewindEpochs: 15,
  build: (input, classes, { growth }) =>
    networkFrom('densenet40', densenet(growth), input, classes),
});
