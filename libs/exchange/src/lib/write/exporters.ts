import { encodeSafetensors } from '@winnow/files';
import { encodeGraphModel } from './graph-model.ts';
import { ONNX_OPSET, encodeOnnx } from './onnx.ts';
import { cooTensors, csrTensors } from './sparse-tensors.ts';
import type { TrainedNetwork } from './trained-network.ts';

/** Writes a trained network in one format. */
export interface Exporter {
  readonly name: string;
  readonly summary: string;
  /** Within a run folder: its file, or a folder of its own. */
  readonly place: string;
  /** Whether it is written from the network's graph, which not every network has. */
  readonly needsGraph: boolean;
  /** Version of the operators, where the format counts them. */
  readonly opset?: number;
  /** One file, or those of a folder by name. Throws UNSUPPORTED_MODEL. */
  encode(trained: TrainedNetwork): Uint8Array | ReadonlyMap<string, Uint8Array>;
  /** Of a format with a folder: whether a file there is of an earlier export, which a new one takes the place of. */
  owns?(name: string): boolean;
}

const safetensors: Exporter = {
  name: 'safetensors',
  summary: 'weights and running statistics for PyTorch, dense, with exact zeros',
  place: 'export/model.safetensors',
  needsGraph: false,
  // The metadata that Hugging Face's libraries know PyTorch's files by.
  encode: ({ tensors, metadata }) => encodeSafetensors(tensors, { format: 'pt', ...metadata }),
};

const onnx: Exporter = {
  name: 'onnx',
  summary: 'the network for ONNX Runtime and others',
  place: 'export/model.onnx',
  needsGraph: true,
  opset: ONNX_OPSET,
  encode: encodeOnnx,
};

const tfjs: Exporter = {
  name: 'tfjs',
  summary: 'a tf.GraphModel for TensorFlow.js, in a folder',
  place: 'export/tfjs',
  needsGraph: true,
  encode: encodeGraphModel,
  owns: (name) => /^(model\.json|group1-shard\d+of\d+\.bin)$/.test(name),
};

function encodeSparse({ tensors, metadata }: ReturnType<typeof cooTensors>): Uint8Array {
  return encodeSafetensors(tensors, metadata);
}

const coo: Exporter = {
  name: 'coo',
  summary: 'sparse tensors in safetensors, as indices and values of what is kept',
  place: 'export/coo.safetensors',
  needsGraph: false,
  encode: (trained) => encodeSparse(cooTensors(trained)),
};

const csr: Exporter = {
  name: 'csr',
  summary: 'the same in compressed rows',
  place: 'export/csr.safetensors',
  needsGraph: false,
  encode: (trained) => encodeSparse(csrTensors(trained)),
};

/** The formats that a network can be written in. */
export const EXPORTERS: readonly Exporter[] = [safetensors, onnx, tfjs, coo, csr];
