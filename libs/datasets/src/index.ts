export {
  checkData,
  type CheckSetting,
  type DataCheck,
  type DatasetOpener,
} from './lib/check-data.ts';
export { cifar10, cifar100 } from './lib/cifar.ts';
export { digits } from './lib/digits.ts';
export type { RemoteDataset, RemoteFile } from './lib/fetch/catalogue.ts';
export type { DownloadProgress } from './lib/fetch/download.ts';
export { fetchDataset, remoteDataset, type FetchOptions } from './lib/fetch/fetch-dataset.ts';
export { imageFolder } from './lib/folders/image-folder.ts';
export { imagenet } from './lib/folders/imagenet.ts';
export { tinyImagenet } from './lib/folders/tiny-imagenet.ts';
export { fashionMnist, mnist } from './lib/mnist.ts';
export { default } from './lib/plugin.ts';
export { imageFiles } from './lib/images/image-files.ts';
export { parquet } from './lib/parquet/parquet.ts';
export { recognizeDataset } from './lib/recognize-dataset.ts';
export { streamEpochs, type EpochStream } from './lib/stream-epochs.ts';
export { tensorFile } from './lib/tensor-file.ts';
export { verifyDataset, type ClassCount, type Verification } from './lib/verify-dataset.ts';
