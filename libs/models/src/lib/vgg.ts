import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture } from './layers.ts';
import { networkFrom } from './network.ts';

const CHANNELS = [64, 128, 256, 512, 512] as const;

/** Convolutions in each of the five stages, by depth (Simonyan and Zisserman, arXiv 1409.1556, table 1). */
const STAGES: Readonly<Record<number, readonly number[]>> = {
  11: [1, 1, 2, 2, 2],
  13: [2, 2, 2, 2, 2],
  16: [2, 2, 3, 3, 3],
  19: [2, 2, 4, 4, 4],
};

/** VGG for small images: 3×3 convolutions with normalisation, global average pooling, one linear layer that is not pruned. */
function vgg(stages: readonly number[]): Architecture {
  return (layers, images, classes) => {
    let x = images;
    for (const [s, blocks] of stages.entries()) {
      if (s > 0) x = layers.maxPool(x, { size: 2, stride: 2 });
      for (let b = 0; b < blocks; b++) {
        const name = `stage${s + 1}.block${b + 1}`;
        const channels = CHANNELS[s] as number;
        x = layers.conv(`${name}.conv`, x, { channels, kernel: 3, padding: 1 });
        x = layers.normalize(`${name}.bn`, x, { relu: true });
      }
    }
    return layers.linear('head.fc', layers.globalAveragePool(x), {
      units: classes,
      prunable: false,
    });
  };
}

export const vggs = Object.entries(STAGES).map(([depth, stages]) =>
  defineModel({
    name: `vgg${depth}`,
    summary: `VGG-${depth} with normalisation for small images`,
    options: z.strictObject({}),
    rewindEpochs: 15,
    build: (input, classes) => networkFrom(`vgg${depth}`, vgg(stages), input, classes),
  }),
);
