export { expectedTensors, type Expected } from './lib/expected-tensors.ts';
export { sizeOf, type FloatTensor, type HostArray, type HostTensor } from './lib/host-tensor.ts';
export {
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from './lib/safetensors.ts';
export { safetensorsMetadata, sealSafetensors } from './lib/seal-safetensors.ts';
export { sha256 } from './lib/sha256.ts';
export { bytesPerValue, storedValues, type Dtype } from './lib/stored-values.ts';
