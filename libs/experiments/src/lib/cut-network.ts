import * as tf from '@tensorflow/tfjs-core';
import type { Network, ParameterSpec } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';

/** What is added flows also where no image does. Embeddings of positions are not known as such: better nothing is told than what does not hold. */
const isAdded = ({ name, shape }: ParameterSpec) => shape.length < 2 && /(bias|beta)$/.test(name);

function asFlow(spec: ParameterSpec, { layers }: Ticket): tf.Tensor {
  const kept = layers.get(spec.name)?.kept;
  if (kept) return tf.tensor(Float32Array.from(kept), [...spec.shape]);
  return isAdded(spec) ? tf.zeros([...spec.shape]) : tf.ones([...spec.shape]);
}

/** A gate of which nothing is kept stays half open, which a flow does not know. */
const hasNoGates = ({ graph }: Network) =>
  graph?.layers.every(({ op }) => op !== 'multiply') ?? false;

/** How much of an image flows through what a ticket keeps, where a network shows it; not what somebody else's fails to. */
function flowUnder(network: Network, ticket: Ticket): number | undefined {
  try {
    return tf.tidy(() => {
      const own = network.parameters.map((spec) => [spec.name, asFlow(spec, ticket)] as const);
      return network.synapticFlow?.(Object.fromEntries(own)).value.dataSync()[0];
    });
  } catch {
    return undefined;
  }
}

/** One sentence on a ticket of which no path leads through the network; nothing of others, or where that cannot be told. Never throws. */
export function cutNetworkNote(network: Network, ticket: Ticket): string | undefined {
  if (!hasNoGates(network) || flowUnder(network, ticket) !== 0) return undefined;
  return 'no path of kept weights leads from the image to the logits: every image gets the same answer';
}
