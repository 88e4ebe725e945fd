import { describe, expect, it } from '@jest/globals';
import * as tf from '@tensorflow/tfjs-core';
import type { BackendDescriptor } from '@winnow/plugin-api';
import { cpu } from './backends/cpu.ts';
import { native } from './backends/native.ts';
import { wasm } from './backends/wasm.ts';
import { multiplyAddsSoFar } from './multiply-adds.ts';
import { conv } from './ops/conv.ts';
import { crossEntropy } from './ops/cross-entropy.ts';
import { linear } from './ops/linear.ts';

function counted(work: () => tf.Tensor | readonly tf.Tensor[]): number {
  const before = multiplyAddsSoFar();
  tf.tidy(() => void work());
  return multiplyAddsSoFar() - before;
}

const EXAMPLES = 5;

/** LeNet-300-100 on 28×28 images. */
const lenet = [
  [300, 784],
  [100, 300],
  [10, 100],
] as const;
const [first, second, third] = lenet.map(([out, into]) => EXAMPLES * out * into) as [
  number,
  number,
  number,
];

const logits = (images: tf.Tensor2D, weights: readonly tf.Tensor[]) =>
  weights.reduce<tf.Tensor2D>(
    (x, w, i) => (i < 2 ? tf.relu(linear(x, w as tf.Tensor2D)) : linear(x, w as tf.Tensor2D)),
    images,
  );

describe.each<BackendDescriptor>([cpu, wasm, native])('multiply-adds on $name', (backend) => {
  it('are none of an empty product', async () => {
    await backend.start();
    expect(counted(() => tf.matMul(tf.zeros([0, 4]), tf.zeros([4, 3])))).toBe(0);
  });

  it('are those of LeNet-300-100, forward and backward', async () => {
    await backend.start();
    const images = tf.ones<tf.Rank.R2>([EXAMPLES, 784]);
    const weights = lenet.map((shape) => tf.fill([...shape], 0.01));
    const labels = tf.zeros<tf.Rank.R1>([EXAMPLES], 'int32');
    expect(counted(() => logits(images, weights))).toBe(first + second + third);
    // Every layer's weights have a gradient, and every layer's inputs but the first's, which are the images.
    const gradient = tf.grads((...w: tf.Tensor[]) => crossEntropy(logits(images, w), labels));
    expect(counted(() => gradient(weights))).toBe(3 * (first + second + third) - first);
    tf.dispose([images, labels, ...weights]);
  });

  it.each([
    // A place of the output, and a filter, at a time: stride 1 keeps 6×6 places, stride 2 leaves 3×3.
    { stride: 1, filterSize: 3, channels: 4, places: 36 },
    { stride: 2, filterSize: 3, channels: 4, places: 9 },
    { stride: 2, filterSize: 1, channels: 7, places: 9 },
  ])('are those of a convolution, whatever its gradients call: %o', async (setting) => {
    const { stride, filterSize, channels, places } = setting;
    await backend.start();
    const images = tf.ones<tf.Rank.R4>([2, 6, 6, 3]);
    const kernel = tf.ones<tf.Rank.R4>([channels, 3, filterSize, filterSize]);
    const padding = (filterSize - 1) / 2;
    const once = 2 * places * channels * 3 * filterSize * filterSize;
    expect(counted(() => conv(images, kernel, { stride, padding }))).toBe(once);
    const gradients = tf.grads((x: tf.Tensor, k: tf.Tensor) =>
      tf.sum(conv(x as tf.Tensor4D, k as tf.Tensor4D, { stride, padding })),
    );
    expect(counted(() => gradients([images, kernel]))).toBe(3 * once);
    tf.dispose([images, kernel]);
  });

  it('are those of products of transposed matrices', async () => {
    await backend.start();
    const a = tf.ones<tf.Rank.R3>([2, 5, 3]);
    const b = tf.ones<tf.Rank.R3>([2, 7, 5]);
    expect(counted(() => tf.matMul(a, b, true, true))).toBe(2 * 3 * 5 * 7);
    tf.dispose([a, b]);
  });
});
