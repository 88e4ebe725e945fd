import { type ImageShape, WinnowError, defineModel } from '@winnow/plugin-api';
import * as z from 'zod';
import type { Architecture, Layers } from './layers.ts';
import { networkFrom } from './network.ts';

/** A convolution of a residual block: `width` in units of its stage's channels, `strides` where the block may stride. */
interface BlockConvolution {
  readonly kernel: 1 | 3;
  readonly width: 1 | 4;
  readonly strides?: true;
}

const BASIC: readonly BlockConvolution[] = [
  { kernel: 3, width: 1, strides: true },
  { kernel: 3, width: 1 },
];
// He et al. stride on the first 1×1 convolution, which skips three pixels of four; everyone since on the 3×3 one.
const BOTTLENECK: readonly BlockConvolution[] = [
  { kernel: 1, width: 1 },
  { kernel: 3, width: 1, strides: true },
  { kernel: 1, width: 4 },
];

const CHANNELS = [64, 128, 256, 512] as const;

/** Blocks in each of the four stages, by depth (He et al., arXiv 1512.03385, table 1). */
const DEPTHS = {
  18: { block: BASIC, counts: [2, 2, 2, 2] },
  34: { block: BASIC, counts: [3, 4, 6, 3] },
  50: { block: BOTTLENECK, counts: [3, 4, 6, 3] },
  101: { block: BOTTLENECK, counts: [3, 4, 23, 3] },
} as const;

interface Place {
  readonly name: string;
  readonly channels: number;
  readonly stride: number;
  /** Whether the block's output has another shape than its input, so that a 1×1 convolution stands in for the identity. */
  readonly projects: boolean;
}

function residualBlock<T>(
  layers: Layers<T>,
  block: readonly BlockConvolution[],
  x: T,
  { name, channels, stride, projects }: Place,
): T {
  let y = x;
  for (const [i, { kernel, width, strides }] of block.entries()) {
    if (i > 0) y = layers.normalize(`${name}.bn${i}`, y, { relu: true });
    y = layers.conv(`${name}.conv${i + 1}`, y, {
      channels: channels * width,
      kernel,
      stride: strides ? stride : 1,
      padding: (kernel - 1) / 2,
    });
  }
  const last = `${name}.bn${block.length}`;
  if (!projects) return layers.normalize(last, y, { residual: x, relu: true });
  const residual = layers.normalize(last, y);
  const side = layers.conv(`${name}.shortcut.conv`, x, {
    channels: channels * block.at(-1)!.width,
    kernel: 1,
    stride,
  });
  return layers.normalize(`${name}.shortcut.bn`, side, { residual, relu: true });
}

/**
 * The residual networks for large images (He et al., §4.1): a 7×7 stem with stride 2, a 3×3 max-pooling with stride 2,
 * four stages, of which all but the first begin with stride 2, and 1×1 projections where shapes change.
 */
function resnet({ block, counts }: (typeof DEPTHS)[keyof typeof DEPTHS]): Architecture {
  return (layers, images, classes) => {
    let x = layers.conv('stem.conv', images, { channels: 64, kernel: 7, stride: 2, padding: 3 });
    x = layers.normalize('stem.bn', x, { relu: true });
    x = layers.maxPool(x, { size: 3, stride: 2, padding: 1 });
    for (const [s, channels] of CHANNELS.entries()) {
      for (let b = 0; b < counts[s]!; b++) {
        const stride = s > 0 && b === 0 ? 2 : 1;
        const projects = b === 0 && (s > 0 || block === BOTTLENECK);
        const name = `stage${s + 1}.block${b + 1}`;
        x = residualBlock(layers, block, x, { name, channels, stride, projects });
      }
    }
    return layers.linear('head.fc', layers.globalAveragePool(x), { units: classes });
  };
}

// Each of the five halvings rounds up, so no size leaves nothing; from 17 pixels on each finds more than one pixel.
const SMALLEST = 17;

function assertLargeEnough(name: string, { height, width }: ImageShape): void {
  if (Math.min(height, width) >= SMALLEST) return;
  throw new WinnowError(
    'IMAGES_TOO_SMALL',
    `${name} halves its images five times, for which ${height}×${width} pixels are too few.`,
    {
      hint: `Give at least ${SMALLEST}×${SMALLEST}, or choose a ResNet for small images, such as resnet20.`,
    },
  );
}

/** ResNet-18, 34, 50 and 101. Their `build` throws IMAGES_TOO_SMALL. */
export const imagenetResnets = Object.entries(DEPTHS).map(([depth, plan]) => {
  const name = `resnet${depth}`;
  return defineModel({
    name,
    summary: `ResNet-${depth} for large images, such as 224×224`,
    options: z.strictObject({}),
    rewindEpochs: 18,
    build: (input, classes) => {
      assertLargeEnough(name, input);
      return networkFrom(name, resnet(plan), input, classes);
    },
  });
});
