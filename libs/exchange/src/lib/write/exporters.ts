import { encodeSafetensors } from '@winnow/files';
import { defineExporter } from '@winnow/plugin-api';
import { encodeGraphModel } from './graph-model.ts';
import { maskTensors } from './mask-tensors.ts';
import { ONNX_OPSET, encodeOnnx } from './onnx.ts';
import { cooTensors, csrTensors } from './sparse-tensors.ts';

export const safetensors = defineExporter({
  name: 'safetensors',
  summary: 'weights and running statistics for PyTorch, dense, with exact zeros',
  place: 'export/model.safetensors',
  needsGraph: false,
  // The metadata that Hugging Face's libraries know PyTorch's files by.
  encode: ({ tensors, metadata }) => encodeSafetensors(tensors, { format: 'pt', ...metadata }),
});

export const onnx = defineExporter({
  name: 'onnx',
  summary: 'the network for ONNX Runtime and others',
  place: 'export/model.onnx',
  needsGraph: true,
  opset: ONNX_OPSET,
  encode: encodeOnnx,
});

export const tfjs = defineExporter({
  name: 'tfjs',
  summary: 'a tf.GraphModel for TensorFlow.js, in a folder',
  place: 'export/tfjs',
  needsGraph: true,
  encode: encodeGraphModel,
  owns: (name) => /^(model\.json|group1-shard\d+of\d+\.bin)$/.test(name),
});

function encodeSparse({ tensors, metadata }: ReturnType<typeof cooTensors>): Uint8Array {
  return encodeSafetensors(tensors, metadata);
}

export const mask = defineExporter({
  name: 'mask',
  summary: 'what the ticket keeps, as boolean tensors for torch.nn.utils.prune',
  place: 'export/mask.safetensors',
  needsGraph: false,
  ofTicket: true,
  encode: (trained) =>
    encodeSafetensors(maskTensors(trained), { format: 'pt', ...trained.metadata }),
});

export const coo = defineExporter({
  name: 'coo',
  summary: 'sparse tensors in safetensors, as indices and values of what is kept',
  place: 'export/coo.safetensors',
  needsGraph: false,
  encode: (trained) => encodeSparse(cooTensors(trained)),
});

export const csr = defineExporter({
  name: 'csr',
  summary: 'the same in compressed rows',
  place: 'export/csr.safetensors',
  needsGraph: false,
  encode: (trained) => encodeSparse(csrTensors(trained)),
});
