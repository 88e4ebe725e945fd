import { type LayerMask, type Network, type NetworkGraph, WinnowError } from '@winnow/plugin-api';

/** A float32 tensor in ordinary memory, row-major. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** What an export writes down. */
export interface TrainedNetwork {
  readonly network: Pick<Network, 'name' | 'input' | 'classes' | 'parameters' | 'graph'>;
  /**
   * The parameters, pruned weights 0, then `LAYER.running_mean` and `LAYER.running_var` of each layer that normalises;
   * PyTorch's names and layouts.
   */
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  /** By prunable parameter; none of a dense network. */
  readonly mask?: ReadonlyMap<string, LayerMask> | undefined;
  /** Where it comes from; the file says so. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Throws UNSUPPORTED_MODEL where the network is not known as data. */
export function graphOf({ network }: TrainedNetwork, format: string): NetworkGraph {
  if (network.graph) return network.graph;
  throw new WinnowError(
    'UNSUPPORTED_MODEL',
    `The model "${network.name}" does not tell its layers as a graph, from which ${format} is written.`,
    { hint: 'Export its weights as safetensors, coo or csr; or give its plugin `Network.graph`.' },
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
