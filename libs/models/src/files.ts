export { readTensors } from './lib/read-tensors.ts';
