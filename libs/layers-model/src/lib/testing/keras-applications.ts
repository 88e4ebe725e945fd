// Keras' applications, layer by layer as keras/applications writes them down, with few and narrow blocks.
import * as tf from '@tensorflow/tfjs-core';
import { type SymbolicTensor, type LayersModel, layers } from '@tensorflow/tfjs-layers';
import { apply, functional, through } from './functional.ts';

const CLASSES = 5;
const relu6 = () => layers.reLU({ maxValue: 6 });
const pointwise = (filters: number) =>
  layers.conv2d({ filters, kernelSize: 1, padding: 'same', useBias: false });
/** Before a stride of 2, whose windows then look at the pixels that PyTorch's do. */
const atTheEnd = () =>
  layers.zeroPadding2d({
    padding: [
      [0, 1],
      [0, 1],
    ],
  });

const depthwise = (strides: 1 | 2) => [
  ...(strides === 2 ? [atTheEnd()] : []),
  layers.depthwiseConv2d({
    kernelSize: 3,
    strides,
    padding: strides === 2 ? 'valid' : 'same',
    useBias: false,
  }),
];

interface Pooling {
  readonly keepdims?: boolean;
}

/** As docs/reuse.md has it: TensorFlow.js's own knows no `keepdims`. */
class GlobalAveragePooling2D extends layers.Layer {
  static className = 'GlobalAveragePooling2D';
  readonly #keep: boolean;

  constructor({ keepdims = false, ...options }: Pooling) {
    super(options);
    this.#keep = keepdims;
  }

  override computeOutputShape(shape: number[]): number[] {
    const [batch, , , channels] = shape as [number, number, number, number];
    return this.#keep ? [batch, 1, 1, channels] : [batch, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mean([inputs].flat()[0]!, [1, 2], this.#keep);
  }
}

/** MobileNet v1. */
export function mobileNet(): LayersModel {
  const norm = () => layers.batchNormalization();
  const block = (filters: number, strides: 1 | 2) => [
    ...[...depthwise(strides), norm(), relu6()],
    ...[pointwise(filters), norm(), relu6()],
  ];
  return functional([9, 8, 2], (images) =>
    through(
      images,
      layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', useBias: false }),
      ...[norm(), relu6()],
      ...block(5, 1),
      ...block(6, 2),
      new GlobalAveragePooling2D({ keepdims: true }),
      layers.dropout({ rate: 1e-3 }),
      layers.conv2d({ filters: CLASSES, kernelSize: 1, padding: 'same' }),
      layers.reshape({ targetShape: [CLASSES] }),
      layers.activation({ activation: 'softmax' }),
    ),
  );
}

export function mobileNetV2(): LayersModel {
  const norm = () => layers.batchNormalization({ epsilon: 1e-3, momentum: 0.999 });
  const inverted = (x: SymbolicTensor, channels: number, filters: number, strides: 1 | 2) => {
    const expanded = through(x, pointwise(2 * channels), norm(), relu6());
    const y = through(
      expanded,
      ...[...depthwise(strides), norm(), relu6()],
      ...[pointwise(filters), norm()],
    );
    return channels === filters && strides === 1 ? apply(layers.add(), [x, y]) : y;
  };
  return functional([9, 8, 2], (images) => {
    const stem = through(
      images,
      layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: 'same', useBias: false }),
      ...[norm(), relu6()],
    );
    const x = inverted(inverted(stem, 4, 3, 2), 3, 3, 1);
    return through(
      x,
      ...[layers.conv2d({ filters: 8, kernelSize: 1, useBias: false }), norm(), relu6()],
      layers.globalAveragePooling2d({}),
      layers.dense({ units: CLASSES, activation: 'softmax' }),
    );
  });
}

export function denseNet(): LayersModel {
  const GROWTH = 2;
  // Keras exports the axis as a list.
  const axis = [3] as unknown as number;
  const norm = () => layers.batchNormalization({ axis, epsilon: 1.001e-5 });
  const relu = () => layers.activation({ activation: 'relu' });
  const block = (x: SymbolicTensor) =>
    apply(layers.concatenate(), [
      x,
      through(
        x,
        ...[norm(), relu(), layers.conv2d({ filters: 2 * GROWTH, kernelSize: 1, useBias: false })],
        ...[norm(), relu()],
        layers.conv2d({ filters: GROWTH, kernelSize: 3, padding: 'same', useBias: false }),
      ),
    ]);
  const around = (padding: number) => layers.zeroPadding2d({ padding });
  return functional([13, 12, 2], (images) => {
    const stem = through(
      images,
      ...[around(3), layers.conv2d({ filters: 4, kernelSize: 7, strides: 2, useBias: false })],
      ...[norm(), relu()],
      ...[around(1), layers.maxPooling2d({ poolSize: 3, strides: 2 })],
    );
    const first = block(block(stem));
    const half = through(
      first,
      ...[norm(), relu(), layers.conv2d({ filters: 4, kernelSize: 1, useBias: false })],
      layers.averagePooling2d({ poolSize: 2, strides: 2 }),
    );
    return through(
      block(half),
      ...[norm(), relu(), layers.globalAveragePooling2d({})],
      layers.dense({ units: CLASSES, activation: 'softmax' }),
    );
  });
}
