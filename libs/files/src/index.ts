export { expectedTensors, readFloats } from './lib/expected-tensors.ts';
export { sizeOf, type FloatTensor, type HostArray, type HostTensor } from './lib/host-tensor.ts';
export {
  decodeSafetensors,
  encodeSafetensors,
  readSafetensors,
  writeSafetensors,
  type Safetensors,
} from './lib/safetensors.ts';
export { sha256 } from './lib/sha256.ts';
export { writeFolderWhole } from './lib/write-folder-whole.ts';
export { writeWhole } from './lib/write-whole.ts';
