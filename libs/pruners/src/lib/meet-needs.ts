import * as tf from '@tensorflow/tfjs-core';
import { Packing, activationShapes } from '@winnow/models';
import {
  type Need,
  type Network,
  type Objective,
  type PrunerDescriptor,
  WinnowError,
  isWinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { crossEntropy, hessianVectorProduct } from '@winnow/tensor-backend';

const IMAGES = 2;

/** Takes one, at weights of 0. */
function hasSecondDerivatives(network: Network): boolean {
  const { height, width, channels } = network.input;
  const prunable = Packing.prunable(network);
  const zeros = () => tf.zeros<tf.Rank.R1>([prunable.size]);
  try {
    tf.tidy(() => {
      const images = tf.zeros<tf.Rank.R4>([IMAGES, height, width, channels]);
      const labels = tf.zeros<tf.Rank.R1>([IMAGES], 'int32');
      const others = Object.fromEntries(
        network.parameters.map(({ name, shape }) => [name, tf.zeros([...shape])]),
      );
      const loss = (vector: tf.Tensor1D) =>
        crossEntropy(network.forward({ ...others, ...prunable.unpack(vector) }, images), labels);
      hessianVectorProduct(loss, zeros(), zeros());
    });
    return true;
  } catch (error) {
    if (isWinnowError(error) && error.code === 'NO_GRADIENT') return false;
    throw error;
  }
}

/** What a network must offer for a need, in words, and whether it does. The other needs are met by the run, or by its data. */
const OFFERS: Partial<Record<Need, readonly [string, (network: Network) => boolean]>> = {
  'synaptic-flow': ['a synaptic flow', (network) => typeof network.synapticFlow === 'function'],
  activations: ['activations', (network) => activationShapes(network).size > 0],
  'second-derivatives': ['second derivatives', hasSecondDerivatives],
};

/** Throws UNSUPPORTED_MODEL where a network does not offer what a method or an objective needs. */
export function assertMeetsNeeds(component: PrunerDescriptor | Objective, network: Network): void {
  for (const need of component.needs) {
    const [what, offers] = OFFERS[need] ?? [];
    if (!offers || offers(network)) continue;
    const kind = component.kind === 'pruner' ? 'Method' : 'Objective';
    throw new WinnowError(
      'UNSUPPORTED_MODEL',
      `${kind} "${component.name}"${ofPlugin(component)} needs ${what}, which ${network.name}${ofPlugin(network)} does not offer.`,
      { hint: 'Choose another one, or another model.' },
    );
  }
}
