import * as tf from '@tensorflow/tfjs-core';
import type { Packing } from '@winnow/models';
import type { Batch, Network } from '@winnow/plugin-api';
import { type Vector, crossEntropy, valueAndGradient, vectors } from '@winnow/tensor-backend';
import { type SgdSetting, sgdStep } from './sgd.ts';

/** Mean cross-entropy of a batch; its gradient with respect to all parameters, packed, goes into `gradient`. */
function lossAndGradient(
  network: Network,
  packing: Packing,
  parameters: Vector,
  batch: Batch,
  gradient: Vector,
): number {
  let loss = NaN;
  // Nothing is returned from the tidy, which would search an array for tensors, number by number.
  tf.tidy(() => {
    const result = valueAndGradient(
      (packed) => crossEntropy(network.forward(packing.unpack(packed), batch.images), batch.labels),
      parameters.tensor(),
    );
    loss = result.value.dataSync()[0]!;
    gradient.assign(result.gradient);
  });
  return loss;
}

/** A network in training: its parameters, their momentum, and the step that changes both. */
export class Trainee {
  /** All parameters in order, packed. */
  readonly parameters: Vector;
  readonly velocity: Vector;
  readonly #network: Network;
  readonly #packing: Packing;
  readonly #mask: Uint8Array | undefined;
  readonly #recipe: SgdSetting['recipe'];
  readonly #gradient: Vector;

  /** `parameters` may be changed in place; those that the mask removes are 0 from here on. */
  constructor(
    network: Network,
    packing: Packing,
    parameters: Float32Array,
    mask: Uint8Array | undefined,
    recipe: SgdSetting['recipe'],
  ) {
    if (mask) for (let i = 0; i < parameters.length; i++) if (!mask[i]) parameters[i] = 0;
    const make = vectors();
    this.parameters = make.of(parameters);
    this.velocity = make.zeros(parameters.length);
    this.#gradient = make.zeros(parameters.length);
    this.#network = network;
    this.#packing = packing;
    this.#mask = mask;
    this.#recipe = recipe;
  }

  /** The loss before the step, and the norm of its gradient that is compared with `clipNorm`. */
  step(batch: Batch, learningRate: number): { loss: number; gradientNorm: number } {
    const { parameters, velocity } = this;
    const gradient = this.#gradient;
    const loss = lossAndGradient(this.#network, this.#packing, parameters, batch, gradient);
    const gradientNorm = sgdStep(
      { parameters, gradient, velocity },
      { mask: this.#mask, learningRate, recipe: this.#recipe },
    );
    return { loss, gradientNorm };
  }
}
