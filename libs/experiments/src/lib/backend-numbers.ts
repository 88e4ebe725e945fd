import * as tf from '@tensorflow/tfjs-core';
import { Packing, initialize } from '@winnow/models';
import type { ComponentRegistry } from '@winnow/plugin-api';
import { GradBalance, MaskSearch } from '@winnow/pruners';
import { crossEntropy, randomStreams, valueAndGradient, vectors } from '@winnow/tensor-backend';
import { randomBatch } from './random-batch.ts';

/** What two backends should compute alike: a ResNet-8 on eight random images of the digits' size. */
export interface BackendNumbers {
  /** Of the loss, by every parameter. */
  readonly gradient: Float32Array;
  /**
   * Adam's mean after a step of a CTS search, by every prunable weight: what the step follows, before its own root and
   * quotient make much of the smallest differences.
   */
  readonly searched: Float32Array;
}

const DENSITY = 0.05;

/** On the current backend, for a process that does nothing else: some of its tensors are kept. */
export function backendNumbers(registry: ComponentRegistry): BackendNumbers {
  const network = registry
    .get('model', 'resnet8')
    .build({ height: 8, width: 8, channels: 1 }, 10, {});
  const objective = registry.get('objective', 'kl');
  const random = randomStreams(0);
  const batch = randomBatch(network, 8, random);
  const parameters = initialize(network, random('initialisation'));
  const packing = new Packing(network.parameters);
  const weights = vectors().of(packing.pack(parameters));
  const search = new MaskSearch({
    network,
    parameters,
    objective,
    control: new GradBalance(DENSITY),
    densityOf: () => DENSITY,
    random,
  });
  search.step({ step: 0, batch, heldOut: batch, next: batch }, 0.1).now();
  const loss = (vector: tf.Tensor1D) =>
    crossEntropy(network.forward(packing.unpack(vector), batch.images), batch.labels);
  const { value, gradient } = valueAndGradient(loss, weights.tensor());
  const numbers = {
    gradient: gradient.dataSync<'float32'>().slice(),
    searched: search.adam.mean.read().slice(),
  };
  tf.dispose([value, gradient]);
  return numbers;
}

/** The largest difference, as a part of the largest magnitude; NaN where either has one. */
export function relativeDifference(a: Float32Array, b: Float32Array): number {
  let [largest, apart] = [0, 0];
  for (const [i, value] of b.entries()) {
    largest = Math.max(largest, Math.abs(value));
    apart = Math.max(apart, Math.abs(value - a[i]!));
  }
  return apart / largest;
}

const UNARY = {
  relu: tf.relu,
  sigmoid: tf.sigmoid,
  tanh: tf.tanh,
  exp: tf.exp,
  log: tf.log,
  sqrt: tf.sqrt,
  softplus: tf.softplus,
} as const;

/** Those of a few ops that, on the current backend, make a number of what is none. */
export function opsThatLoseNaN(): string[] {
  return tf.tidy(() => {
    const x = tf.tensor2d([[NaN, 1, 2]]);
    const results: Record<string, tf.Tensor> = {
      ...Object.fromEntries(Object.entries(UNARY).map(([name, op]) => [name, op(x)])),
      softmax: tf.softmax(x),
      sum: tf.sum(x),
      matMul: tf.matMul(x, tf.ones([3, 1])),
    };
    return Object.entries(results)
      .filter(([, result]) => !Number.isNaN(result.dataSync()[0]))
      .map(([name]) => name);
  });
}
