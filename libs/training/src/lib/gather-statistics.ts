import * as tf from '@tensorflow/tfjs-core';
import { evaluationBatches, fileOrder, readAhead, toDevice } from '@winnow/data';
import {
  type ImageSource,
  type NamedTensors,
  type Network,
  WinnowError,
  nextTurn,
} from '@winnow/plugin-api';
import { checkParameters } from './check-parameters.ts';
import type { PassProgress } from './pass-progress.ts';

/** Mean and variance of a layer's input by channel, put together of batches' in float64. */
class Moments {
  #count = 0;
  readonly #layer: string;
  readonly #means: Float64Array;
  /** Σ (x − mean)² */
  readonly #squares: Float64Array;

  constructor(layer: string, channels: number) {
    this.#layer = layer;
    this.#means = new Float64Array(channels);
    this.#squares = new Float64Array(channels);
  }

  /** Adds `count` numbers a channel by their mean and biased variance: the law of total variance. */
  add(count: number, means: Float32Array, variances: Float32Array): void {
    const total = this.#count + count;
    for (let c = 0; c < means.length; c++) {
      const away = means[c]! - this.#means[c]!;
      this.#squares[c]! += count * variances[c]! + (away * away * this.#count * count) / total;
      this.#means[c]! += (away * count) / total;
    }
    this.#count = total;
  }

  mean(): tf.Tensor1D {
    return tf.tensor1d(Float32Array.from(this.#means));
  }

  /** Unbiased, as PyTorch's running_var. Throws BAD_DATA of fewer than two numbers a channel, which have no variance. */
  variance(): tf.Tensor1D {
    if (this.#count < 2)
      throw new WinnowError(
        'BAD_DATA',
        `The variance that "${this.#layer}" meets is not known of ${this.#count === 1 ? '1 number' : `${this.#count} numbers`} a channel.`,
        { hint: 'Give more images.' },
      );
    return tf.tensor1d(Float32Array.from(this.#squares, (square) => square / (this.#count - 1)));
  }
}

/**
 * The mean and variance that each normalisation layer meets over a whole source, for `ForwardOptions.statistics`: one
 * pass, unaugmented, in fixed order, in batches of the training size. Layers before a normalisation use the statistics of
 * their batch, as they did when the weights were learnt. Nothing, after one batch, where nothing normalises. The caller
 * disposes them. Throws INVALID_OPTION, WEIGHTS_MISMATCH, BAD_DATA.
 */
export async function gatherStatistics(
  network: Network,
  parameters: NamedTensors,
  source: ImageSource,
  batchSize: number,
  onProgress: (progress: PassProgress) => void = () => {},
): Promise<NamedTensors> {
  checkParameters(network, parameters);
  const layers = new Map<string, Moments>();
  const observe = (layer: string, input: tf.Tensor4D) => {
    const channels = input.shape[3];
    const moments = layers.get(layer) ?? new Moments(layer, channels);
    layers.set(layer, moments);
    tf.tidy(() => {
      const { mean, variance } = tf.moments(input, [0, 1, 2]);
      moments.add(
        input.size / channels,
        mean.dataSync<'float32'>(),
        variance.dataSync<'float32'>(),
      );
    });
  };
  const order = fileOrder(source.length);
  const batches = evaluationBatches(source.length, batchSize).map(({ start, end }) => ({
    indices: order.subarray(start, end),
  }));
  let step = 0;
  for await (const block of readAhead(source, batches)) {
    const batch = toDevice(block, network.input);
    tf.tidy(() => void network.forward(parameters, batch.images, { observe }));
    tf.dispose([batch.images, batch.labels]);
    if (layers.size === 0) break;
    onProgress({ step: ++step, steps: batches.length, images: block.labels.length });
    await nextTurn();
  }
  return tf.tidy(() =>
    Object.fromEntries(
      [...layers].flatMap(([layer, moments]) => [
        [`${layer}.running_mean`, moments.mean()],
        [`${layer}.running_var`, moments.variance()],
      ]),
    ),
  );
}
