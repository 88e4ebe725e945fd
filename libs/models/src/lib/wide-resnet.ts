import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture, Layers } from './layers.ts';
import { networkFrom } from './network.ts';

const STEM = 16;
const CHANNELS = [16, 32, 64] as const;
/** (28 − 4) / 6 in each stage. */
const BLOCKS = 4;

interface Block {
  readonly name: string;
  readonly channels: number;
  readonly stride: number;
  /** Whether the block's output has another shape than its input. */
  readonly projects: boolean;
}

/** Normalised before each convolution; a shortcut that projects takes in what is normalised already. */
function block<T>(layers: Layers<T>, x: T, { name, channels, stride, projects }: Block): T {
  const y = layers.normalize(`${name}.bn1`, x, { relu: true });
  let z = layers.conv(`${name}.conv1`, y, { channels, kernel: 3, stride, padding: 1 });
  z = layers.normalize(`${name}.bn2`, z, { relu: true });
  z = layers.conv(`${name}.conv2`, z, { channels, kernel: 3, padding: 1 });
  return layers.add(
    z,
    projects ? layers.conv(`${name}.shortcut.conv`, y, { channels, kernel: 1, stride }) : x,
  );
}

/** WRN-28-k for small images (Zagoruyko and Komodakis, arXiv 1605.07146, table 1), without dropout. */
function wideResnet(width: number): Architecture {
  return (layers, images, classes) => {
    let inputs = STEM;
    let x = layers.conv('stem.conv', images, { channels: inputs, kernel: 3, padding: 1 });
    for (const [s, base] of CHANNELS.entries()) {
      const channels = base * width;
      for (let b = 0; b < BLOCKS; b++) {
        const name = `stage${s + 1}.block${b + 1}`;
        const stride = s > 0 && b === 0 ? 2 : 1;
        x = block(layers, x, { name, channels, stride, projects: inputs !== channels });
        inputs = channels;
      }
    }
    x = layers.normalize('head.bn', x, { relu: true });
    return layers.linear('head.fc', layers.globalAveragePool(x), { units: classes });
  };
}

export const wideresnet28 = defineModel({
  name: 'wideresnet28',
  summary: 'WRN-28-k, a wide ResNet for small images',
  options: z.strictObject({
    width: z.int().min(1).max(20).default(10).describe('k: 16, 32 and 64 channels times this'),
  }),
  rewindEpochs: 15,
  build: (input, classes, { width }) =>
    networkFrom('wideresnet28', wideResnet(width), input, classes),
});
