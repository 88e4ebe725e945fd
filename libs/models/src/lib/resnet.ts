import { defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture, Layers } from './layers.ts';
import { networkFrom } from './network.ts';

type Shortcut = 'conv3x3' | 'projection' | 'identity';

const CHANNELS = [16, 32, 64] as const;

/**
 * ResNet-(6n+2) for small images (He et al., arXiv 1512.03385, §4.2). Where a block strides, its shortcut is a 3×3
 * convolution with stride 2 and a normalisation (`conv3x3`, the choice of the authors of CTS), a 1×1 one (`projection`)
 * or He et al.'s parameter-free one (`identity`).
 */
function resnet(blocks: number, shortcut: Shortcut): Architecture {
  return <T>(layers: Layers<T>, images: T, classes: number) => {
    /** What a strided block adds to its main path; the sum is inside the last normalisation op. */
    const strided = (name: string, main: T, input: T, channels: number): T => {
      const stride = 2;
      if (shortcut === 'identity') {
        const residual = layers.subsample(input, { stride, channels });
        return layers.normalize(`${name}.bn2`, main, { residual, relu: true });
      }
      const [kernel, padding] = shortcut === 'conv3x3' ? [3, 1] : [1, 0];
      const residual = layers.normalize(`${name}.bn2`, main);
      const side = layers.conv(`${name}.shortcut.conv`, input, {
        channels,
        kernel,
        stride,
        padding,
      });
      return layers.normalize(`${name}.shortcut.bn`, side, { residual, relu: true });
    };

    let x = layers.conv('stem.conv', images, { channels: CHANNELS[0], kernel: 3, padding: 1 });
    x = layers.normalize('stem.bn', x, { relu: true });
    for (const [s, channels] of CHANNELS.entries()) {
      for (let b = 0; b < blocks; b++) {
        const name = `stage${s + 1}.block${b + 1}`;
        const stride = s > 0 && b === 0 ? 2 : 1;
        let y = layers.conv(`${name}.conv1`, x, { channels, kernel: 3, stride, padding: 1 });
        y = layers.normalize(`${name}.bn1`, y, { relu: true });
        y = layers.conv(`${name}.conv2`, y, { channels, kernel: 3, padding: 1 });
        x =
          stride === 1
            ? layers.normalize(`${name}.bn2`, y, { residual: x, relu: true })
            : strided(name, y, x, channels);
      }
    }
    return layers.linear('head.fc', layers.globalAveragePool(x), { units: classes });
  };
}

const options = z.strictObject({
  shortcut: z
    .enum(['conv3x3', 'projection', 'identity'])
    .default('conv3x3')
    .describe('shortcut of a strided residual block'),
});

/** ResNet-8, 20, 32, 44, 56 and 110. */
export const resnets = [8, 20, 32, 44, 56, 110].map((depth) =>
  defineModel({
    name: `resnet${depth}`,
    summary: `ResNet-${depth} for small images`,
    options,
    rewindEpochs: 9,
    build: (input, classes, { shortcut }) =>
      networkFrom(`resnet${depth}`, resnet((depth - 2) / 6, shortcut), input, classes),
  }),
);
