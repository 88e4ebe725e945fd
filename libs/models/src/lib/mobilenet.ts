import { type ImageShape, defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture, Layers } from './layers.ts';
import { networkFrom } from './network.ts';

/** Of each stage: the factor by which blocks widen, channels, blocks (Sandler et al., arXiv 1801.04381, table 2). */
const STAGES = [
  [1, 16, 1],
  [6, 24, 2],
  [6, 32, 3],
  [6, 64, 4],
  [6, 96, 3],
  [6, 160, 3],
  [6, 320, 1],
] as const;

/** Of the stem and of each stage. Those for CIFAR are kuangliu/pytorch-cifar's, which keep small images large. */
const STRIDES = {
  imagenet: { stem: 2, stages: [1, 2, 2, 2, 1, 2, 1] },
  cifar: { stem: 1, stages: [1, 1, 2, 2, 1, 2, 1] },
} as const;
type Strides = keyof typeof STRIDES;

const STEM = 32;
const LAST = 1280;

/** From this many pixels on, in either direction, images count as large. */
const LARGE = 96;

/** A multiple of 8, never below 90 % of what is asked for: the authors' own rounding. */
function roundedChannels(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

interface Block {
  readonly name: string;
  readonly inputs: number;
  readonly channels: number;
  readonly expansion: number;
  readonly stride: number;
}

function invertedResidual<T>(
  layers: Layers<T>,
  x: T,
  { name, inputs, channels, expansion, stride }: Block,
): T {
  const wide = inputs * expansion;
  let y = x;
  if (expansion > 1) {
    y = layers.conv(`${name}.expand.conv`, y, { channels: wide, kernel: 1 });
    y = layers.relu6(layers.normalize(`${name}.expand.bn`, y));
  }
  const windows = { kernel: 3, stride, padding: 1 };
  y = layers.conv(`${name}.depthwise.conv`, y, { ...windows, channels: wide, groups: wide });
  y = layers.relu6(layers.normalize(`${name}.depthwise.bn`, y));
  y = layers.conv(`${name}.project.conv`, y, { channels, kernel: 1 });
  const residual = stride === 1 && inputs === channels ? { residual: x } : {};
  return layers.normalize(`${name}.project.bn`, y, residual);
}

/** MobileNetV2, as torchvision has it; without dropout. */
function mobilenet(strides: Strides, width: number): Architecture {
  return (layers, images, classes) => {
    const { stem, stages } = STRIDES[strides];
    let inputs = roundedChannels(STEM * width);
    const windows = { kernel: 3, stride: stem, padding: 1 };
    let x = layers.conv('stem.conv', images, { ...windows, channels: inputs });
    x = layers.relu6(layers.normalize('stem.bn', x));
    for (const [s, [expansion, wanted, blocks]] of STAGES.entries()) {
      const channels = roundedChannels(wanted * width);
      for (let b = 0; b < blocks; b++) {
        const name = `stage${s + 1}.block${b + 1}`;
        const stride = b === 0 ? stages[s]! : 1;
        x = invertedResidual(layers, x, { name, inputs, channels, expansion, stride });
        inputs = channels;
      }
    }
    const last = roundedChannels(LAST * Math.max(1, width));
    x = layers.conv('head.conv', x, { channels: last, kernel: 1 });
    x = layers.relu6(layers.normalize('head.bn', x));
    return layers.linear('head.fc', layers.globalAveragePool(x), { units: classes });
  };
}

const stridesFor = ({ height, width }: ImageShape): Strides =>
  Math.min(height, width) < LARGE ? 'cifar' : 'imagenet';

export const mobilenetv2 = defineModel({
  name: 'mobilenetv2',
  summary: 'MobileNetV2 for images of any size',
  options: z.strictObject({
    strides: z
      .enum(['by-size', 'imagenet', 'cifar'])
      .default('by-size')
      .describe(`five halvings, or three for images below ${LARGE} pixels`),
    width: z.number().positive().max(4).default(1).describe('factor of all numbers of channels'),
  }),
  rewindEpochs: 18,
  build: (input, classes, { strides, width }) =>
    networkFrom(
      'mobilenetv2',
      mobilenet(strides === 'by-size' ? stridesFor(input) : strides, width),
      input,
      classes,
    ),
});
