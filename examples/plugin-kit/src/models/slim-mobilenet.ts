import { type Architecture, type Layers, networkFrom } from '@winnow/models';
import { type ModelDescriptor, defineModel } from '@winnow/plugin-api';
import * as z from 'zod';

/** Of each block: the factor by which channels widen against the stem's, and the stride of its depthwise convolution. */
const BLOCKS = [
  [2, 1],
  [4, 2],
  [4, 1],
  [8, 2],
] as const;

/** A filter 3×3 for each channel alone, then a mixture of the channels; both normalised, with ReLU. */
function separable<T>(
  layers: Layers<T>,
  name: string,
  images: T,
  { inputs, channels, stride }: Record<'inputs' | 'channels' | 'stride', number>,
): T {
  const windows = { kernel: 3, stride, padding: 1, groups: inputs };
  let x = layers.conv(`${name}.depthwise.conv`, images, { ...windows, channels: inputs });
  x = layers.normalize(`${name}.depthwise.bn`, x, { relu: true });
  x = layers.conv(`${name}.pointwise.conv`, x, { channels, kernel: 1 });
  return layers.normalize(`${name}.pointwise.bn`, x, { relu: true });
}

/** Depthwise separable convolutions after Howard et al., "MobileNets", arXiv 1704.04861, for images of a few dozen pixels. */
const slim =
  (width: number): Architecture =>
  (layers, images, classes) => {
    let x = layers.conv('stem.conv', images, { channels: width, kernel: 3, padding: 1 });
    x = layers.normalize('stem.bn', x, { relu: true });
    let inputs = width;
    for (const [i, [factor, stride]] of BLOCKS.entries()) {
      const channels = factor * width;
      x = separable(layers, `block${i + 1}`, x, { inputs, channels, stride });
      inputs = channels;
    }
    return layers.linear('fc', layers.globalAveragePool(x), { units: classes });
  };

export const slimMobilenet: ModelDescriptor = defineModel({
  name: 'slim-mobilenet',
  summary: 'four depthwise separable convolutions, for small images',
  options: z.strictObject({
    width: z.int().min(1).max(256).default(8).describe('channels of the stem'),
  }),
  rewindEpochs: 2,
  build: (input, classes, { width }) => networkFrom('slim-mobilenet', slim(width), input, classes),
});
