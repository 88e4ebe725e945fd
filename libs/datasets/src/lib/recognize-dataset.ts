import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { WinnowError } from '@winnow/plugin-api';
import { lookAt } from './look-at.ts';
import { mnistSetsIn } from './mnist-places.ts';

const SIGNS: readonly (readonly [dataset: string, inside: string])[] = [
  ['cifar10', 'cifar-10-batches-bin'],
  ['cifar10', 'data_batch_1.bin'],
  ['cifar100', 'cifar-100-binary'],
  ['cifar100', 'fine_label_names.txt'],
  ['tiny-imagenet', 'tiny-imagenet-200'],
  ['tiny-imagenet', 'wnids.txt'],
];

function several(path: string, names: readonly string[]): WinnowError {
  const commands = names.map((name) => `\`winnow data verify ${name} ${path}\``);
  return new WinnowError('BAD_DATA', `${path} holds ${names.join(' and ')}.`, {
    hint: `Say which: ${commands.join(' or ')}.`,
  });
}

/**
 * Names the data set that lies at a path, by its files; folders without a sign hold images by class. Throws DATA_NOT_FOUND, and
 * BAD_DATA where several lie there.
 */
export function recognizeDataset(path: string): string {
  const found = lookAt(path, () => statSync(path, { throwIfNoEntry: false }));
  if (!found) {
    throw new WinnowError('DATA_NOT_FOUND', `There is nothing at ${path}.`, {
      hint: 'Give the folder of a data set.',
    });
  }
  if (found.isFile()) return path.endsWith('.parquet') ? 'parquet' : 'tensor-file';
  const signs = SIGNS.filter(([, inside]) => existsSync(join(path, inside)));
  const [name, ...others] = new Set([...signs.map(([dataset]) => dataset), ...mnistSetsIn(path)]);
  if (name !== undefined && others.length > 0) throw several(path, [name, ...others]);
  if (name !== undefined) return name;
  const within = join(path, 'data');
  const inside = lookAt(path, () => [
    ...readdirSync(path),
    ...(statSync(within, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(within) : []),
  ]);
  return inside.some((name) => name.endsWith('.parquet')) ? 'parquet' : 'image-folder';
}
