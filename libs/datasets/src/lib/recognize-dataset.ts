import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { lookAt } from './look-at.ts';

const SIGNS: readonly (readonly [dataset: string, inside: string])[] = [
  ['cifar10', 'cifar-10-batches-bin'],
  ['cifar10', 'data_batch_1.bin'],
  ['cifar100', 'cifar-100-binary'],
  ['cifar100', 'fine_label_names.txt'],
  ['tiny-imagenet', 'tiny-imagenet-200'],
  ['tiny-imagenet', 'wnids.txt'],
  ['mnist', 'train-images-idx3-ubyte.gz'],
  ['mnist', 'train-images-idx3-ubyte'],
];

/** Names the data set that lies at a path, by its files; folders without a sign hold images by class. Throws DATA_NOT_FOUND. */
export function recognizeDataset(path: string): string {
  const found = lookAt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (!found) {
    throw new WinnowError('DATA_NOT_FOUND', `There is nothing at ${path}.`, {
      hint: 'Give the folder of a data set.',
    });
  }
  if (found.isFile()) return path.endsWith('.parquet') ? 'parquet' : 'tensor-file';
  const sign = SIGNS.find(([, inside]) => existsSync(join(path, inside)))?.[0];
  if (sign === 'mnist' && /fashion/i.test(basename(path))) return 'fashion-mnist';
  if (sign) return sign;
  const within = join(path, 'data');
  const inside = lookAt(path, () => [
    ...readdirSync(path),
    ...(statSync(within, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(within) : []),
  ]);
  return inside.some((name) => name.endsWith('.parquet')) ? 'parquet' : 'image-folder';
}
