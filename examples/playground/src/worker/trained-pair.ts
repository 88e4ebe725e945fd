import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import { type NamedTensors, type TrainedNetwork, WinnowError } from '@winnow/plugin-api';
import { gatherStatistics } from '@winnow/training';
import type { Run } from './run.ts';
import type { Readings } from './search-api.ts';

/** A trained network, with the statistics that single images are normalised by. */
interface Frozen {
  readonly parameters: NamedTensors;
  readonly statistics: NamedTensors;
}

/** The dense network and the ticket's of a run, to be asked about images. */
export class TrainedPair {
  readonly run: Run;
  /** Promised, so that two who ask at once get one. */
  readonly #frozen = new Map<'dense' | 'ticket', Promise<Frozen>>();

  constructor(run: Run) {
    this.run = run;
  }

  #freeze(what: 'dense' | 'ticket'): Promise<Frozen> {
    const frozen = this.#frozen.get(what) ?? this.#freezeNow(what);
    this.#frozen.set(what, frozen);
    return frozen;
  }

  async #freezeNow(what: 'dense' | 'ticket'): Promise<Frozen> {
    const kept = this.run.trained(what);
    if (!kept) {
      throw new WinnowError('RUN_NOT_FINISHED', 'The networks are not trained yet.', {
        hint: 'Let a search come to its end.',
      });
    }
    const { network, images, batchSize } = this.run.opened;
    const parameters = new Packing(network.parameters).tensors(kept.parameters);
    const statistics = await gatherStatistics(network, parameters, images.train, batchSize);
    return { parameters, statistics };
  }

  /** What both take an image for; its pixels from 0 to 1. */
  async read(pixels: Float32Array): Promise<Readings> {
    const { network, images } = this.run.opened;
    const { height, width, channels } = network.input;
    const { mean, std } = images.normalization;
    const normalised = pixels.map(
      (x, i) => (images.brightest * x - mean[i % channels]!) / std[i % channels]!,
    );
    const probabilities = async (what: 'dense' | 'ticket') => {
      const { parameters, statistics } = await this.#freeze(what);
      return tf.tidy(() => {
        const image = tf.tensor4d(normalised, [1, height, width, channels]);
        const logits = network.forward(parameters, image, { statistics });
        return [...tf.softmax(logits).dataSync()];
      });
    };
    return { dense: await probabilities('dense'), ticket: await probabilities('ticket') };
  }

  /** The ticket's network, as exporters take it. */
  async trainedNetwork(): Promise<TrainedNetwork> {
    const { network } = this.run.opened;
    const { parameters, statistics } = await this.#freeze('ticket');
    const tensors = Object.entries({ ...parameters, ...statistics }).map(
      ([name, tensor]) =>
        [name, { shape: tensor.shape, data: tensor.dataSync<'float32'>() }] as const,
    );
    const { method, density, seed } = this.run.setting;
    const metadata = { method, density: String(density), seed: String(seed) };
    return { network, tensors: new Map(tensors), metadata };
  }

  dispose(): void {
    for (const frozen of this.#frozen.values())
      void frozen
        .then(({ parameters, statistics }) => tf.dispose([parameters, statistics]))
        .catch(() => {});
    this.#frozen.clear();
  }
}
