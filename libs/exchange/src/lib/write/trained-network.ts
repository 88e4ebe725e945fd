import type { FloatTensor } from '@winnow/files';
import {
  type Network,
  type NetworkGraph,
  type TrainedNetwork,
  WinnowError,
} from '@winnow/plugin-api';

/** Throws UNSUPPORTED_MODEL where the network is not known as data. */
export function graphOf({ name, graph }: Pick<Network, 'name' | 'graph'>): NetworkGraph {
  if (graph) return graph;
  throw new WinnowError(
    'UNSUPPORTED_MODEL',
    `The model "${name}" does not tell its layers, from which this format is written.`,
    { hint: 'Export its weights as safetensors, coo or csr, or give its plugin `Network.graph`.' },
  );
}

/** Throws where a graph names what the network has not: a defect of the model, not of its user. */
export function tensorOf({ network, tensors }: TrainedNetwork, name: string): FloatTensor {
  const tensor = tensors.get(name);
  if (tensor) return tensor;
  throw new Error(`The graph of "${network.name}" uses "${name}", which there is no tensor of.`);
}

export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
