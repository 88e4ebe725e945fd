import * as tf from '@tensorflow/tfjs-core';
import type { Network, ParameterSpec } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';

/** What is added flows also where no image does. */
const isAdded = ({ name, initializer }: ParameterSpec) =>
  /(bias|beta)$/.test(name) || (initializer.kind === 'constant' && initializer.value === 0);

function asFlow(spec: ParameterSpec, { layers }: Ticket): tf.Tensor {
  const kept = layers.get(spec.name)?.kept;
  if (kept) return tf.tensor(Float32Array.from(kept), [...spec.shape]);
  return isAdded(spec) ? tf.zeros([...spec.shape]) : tf.ones([...spec.shape]);
}

/** One sentence on a ticket of which no path leads through the network; nothing of others, or where the network shows no flow. */
export function cutNetworkNote(network: Network, ticket: Ticket): string | undefined {
  const flow = tf.tidy(() => {
    const own = network.parameters.map((spec) => [spec.name, asFlow(spec, ticket)] as const);
    return network.synapticFlow?.(Object.fromEntries(own)).value.dataSync()[0];
  });
  if (flow !== 0) return undefined;
  return 'no path of kept weights leads from the image to the logits: every image gets the same answer';
}
