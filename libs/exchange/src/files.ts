export { isHdf5, readHdf5Tickets } from './lib/read/hdf5-tickets.ts';
export { readPytorchFile, type PytorchTensors } from './lib/read/pytorch-file.ts';
export {
  storedSize,
  storedSizes,
  type StoredSize,
  type StoredSizes,
} from './lib/write/stored-sizes.ts';
