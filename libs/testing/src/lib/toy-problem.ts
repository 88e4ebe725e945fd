import * as tf from '@tensorflow/tfjs-core';
import { toDevice } from '@winnow/data';
import { initialize } from '@winnow/models';
import {
  type Batch,
  type ImageBlock,
  type NamedTensors,
  type Network,
  type ParameterSpec,
  prunableOf,
} from '@winnow/plugin-api';
import { conv, flatten, linear, randomStreams } from '@winnow/tensor-backend';
import { sizeOf } from './size-of.ts';

export const TOY_SHAPE = { height: 4, width: 4, channels: 1 };
export const TOY_CLASSES = 3;

const WIDTHS = [TOY_SHAPE.height * TOY_SHAPE.width, 10, 8, TOY_CLASSES];
const LAYERS = ['fc1', 'fc2', 'fc3'];

function parameters(): ParameterSpec[] {
  return LAYERS.flatMap((name, i): ParameterSpec[] => {
    const [units, inputs] = [WIDTHS[i + 1]!, WIDTHS[i]!];
    const initializer = { kind: 'normal', std: Math.sqrt(2 / inputs) } as const;
    const once = { usesPerImage: 1 };
    return [
      { name: `${name}.weight`, shape: [units, inputs], prunable: true, initializer, ...once },
      { name: `${name}.bias`, shape: [units], prunable: false, initializer, ...once },
    ];
  });
}

/**
 * A network of three layers, small enough for finite differences in float32, and with softplus in place of ReLU, whose
 * turns would be jumps in what objectives make of gradients.
 */
export function toyNetwork(): Network {
  return {
    name: 'toy',
    input: TOY_SHAPE,
    classes: TOY_CLASSES,
    parameters: parameters(),
    forward(given, images, { mask, capture } = {}) {
      const layer = (name: string, x: tf.Tensor2D) => {
        const weight = given[`${name}.weight`] as tf.Tensor2D;
        const own = mask?.[`${name}.weight`] as tf.Tensor2D | undefined;
        const product = tf.matMul(x, own ? tf.mul(weight, own) : weight, false, true);
        return tf.add<tf.Tensor2D>(product, given[`${name}.bias`]!);
      };
      const bent = (name: string, x: tf.Tensor2D) => {
        const y = tf.softplus(layer(name, x));
        capture?.(y, name);
        return y;
      };
      const first = bent('fc1', tf.reshape(images, [images.shape[0], WIDTHS[0]!]));
      return layer('fc3', bent('fc2', first));
    },
  };
}

const IMAGE_LAYERS: readonly (readonly [name: string, ...shape: number[]])[] = [
  ['conv1', 4, 1, 3, 3],
  ['conv2', 5, 4, 3, 3],
  ['fc', TOY_CLASSES, 2 * 2 * 5],
];

/** As the toy network, with two convolutions: it shows feature maps. */
export function toyImageNetwork(): Network {
  return {
    name: 'toy-images',
    input: TOY_SHAPE,
    classes: TOY_CLASSES,
    parameters: IMAGE_LAYERS.map(([name, ...shape]): ParameterSpec => ({
      name: `${name}.weight`,
      shape,
      prunable: true,
      initializer: { kind: 'normal', std: Math.sqrt(2 / (sizeOf(shape) / shape[0]!)) },
      usesPerImage: { conv1: 16, conv2: 4 }[name] ?? 1,
    })),
    forward(given, images, { mask, capture } = {}) {
      const weight = <T extends tf.Tensor>(layer: string) => {
        const name = `${layer}.weight`;
        return (mask?.[name] ? tf.mul(given[name]!, mask[name]) : given[name]!) as T;
      };
      const bent = (layer: string, x: tf.Tensor4D, stride: number) => {
        const y = tf.softplus(conv(x, weight<tf.Tensor4D>(layer), { stride, padding: 1 }));
        capture?.(y, layer);
        return y;
      };
      const maps = bent('conv2', bent('conv1', images, 1), 2);
      return linear(flatten(maps), weight<tf.Tensor2D>('fc'));
    },
  };
}

/** A network's parameters for a seed. */
export function drawnParameters(network: Network, seed: number): NamedTensors {
  return initialize(network, randomStreams(seed)('initialisation'));
}

/** Images whose class shows in their brightest quarter, with noise. */
export function toyImages(count: number, seed: number): ImageBlock {
  const size = TOY_SHAPE.height * TOY_SHAPE.width;
  const images = randomStreams(seed)('images').normals(count * size, 0);
  const labels = Int32Array.from({ length: count }, (_, i) => i % TOY_CLASSES);
  for (const [i, label] of labels.entries())
    for (let pixel = 0; pixel < size / 4; pixel++) images[i * size + label * 4 + pixel]! += 2;
  return { images, labels };
}

export function toyBatch(count: number, seed: number): Batch {
  return toDevice(toyImages(count, seed), TOY_SHAPE);
}

/** A number for each prunable weight, by name: `each(u)` of u ~ U(0, 1). */
export function toyMask(network: Network, seed: number, each: (u: number) => number): NamedTensors {
  const draws = randomStreams(seed)('mask');
  return Object.fromEntries(
    prunableOf(network).map(({ name, shape }, i) => [
      name,
      tf.tensor(draws.uniforms(sizeOf(shape), i).map(each), [...shape]),
    ]),
  );
}
