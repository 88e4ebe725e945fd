import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parquetFiles } from './parquet/parquet-files.ts';
import { recognizeDataset } from './recognize-dataset.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-recognize-'));
});
afterAll(() => rm(dir, { recursive: true }));

it.each([
  ['a', 'cifar-10-batches-bin/test_batch.bin', 'cifar10'],
  ['cifar-10-batches-bin', 'data_batch_1.bin', 'cifar10'],
  ['cifar-100-binary', 'fine_label_names.txt', 'cifar100'],
  ['tiny', 'wnids.txt', 'tiny-imagenet'],
  ['mnist', 'train-images-idx3-ubyte.gz', 'mnist'],
  ['fashion-mnist', 'train-images-idx3-ubyte', 'fashion-mnist'],
  ['b', 'mnist/train-images-idx3-ubyte.gz', 'mnist'],
  ['c', 'fashion-mnist/train-images-idx3-ubyte.gz', 'fashion-mnist'],
  ['d', 'MNIST/raw/train-images-idx3-ubyte', 'mnist'],
  ['d/MNIST', 'raw/train-images-idx3-ubyte', 'mnist'],
  ['d/MNIST/raw', 'train-images-idx3-ubyte', 'mnist'],
  ['e', 'FashionMNIST/raw/train-images-idx3-ubyte', 'fashion-mnist'],
  ['e/FashionMNIST', 'raw/train-images-idx3-ubyte', 'fashion-mnist'],
  ['e/FashionMNIST/raw', 'train-images-idx3-ubyte', 'fashion-mnist'],
  ['fashion/mnist', 'train-images-idx3-ubyte', 'mnist'],
  ['sets', 'mnist/1.png', 'image-folder'],
  ['hub', 'data/train-00000-of-00001.parquet', 'parquet'],
  ['photos', 'cat/1.jpg', 'image-folder'],
])('a folder %s with %s holds %s', async (folder, file, name) => {
  await mkdir(dirname(join(dir, folder, file)), { recursive: true });
  await writeFile(join(dir, folder, file), '');
  expect(recognizeDataset(join(dir, folder))).toBe(name);
});

it('says by which commands the data sets of a folder are verified', async () => {
  const both = join(dir, 'both');
  for (const name of ['mnist', 'fashion-mnist']) {
    await mkdir(join(both, name), { recursive: true });
    await writeFile(join(both, name, 'train-images-idx3-ubyte.gz'), '');
  }
  expect(() => recognizeDataset(both)).toThrow(
    expect.objectContaining({
      code: 'BAD_DATA',
      message: `${both} holds mnist and fashion-mnist. Say which: \`winnow data verify mnist ${both}\` or \`winnow data verify fashion-mnist ${both}\`.`,
    }),
  );
  await mkdir(join(both, 'cifar-10-batches-bin'));
  expect(() => recognizeDataset(both)).toThrow(/both holds cifar10 and mnist and fashion-mnist\./);
});

it('knows files by their ends, and refuses what is not there', async () => {
  await writeFile(join(dir, 'x.parquet'), '');
  expect(recognizeDataset(join(dir, 'x.parquet'))).toBe('parquet');
  expect(() => recognizeDataset(join(dir, 'gone'))).toThrow(/nothing at .*gone/);
});

const onPosix = process.platform === 'win32' ? it.skip : it;
onPosix('says of what cannot be looked into why, and minds no link to nothing', async () => {
  await writeFile(join(dir, 'file'), '');
  await symlink('loop', join(dir, 'loop'));
  for (const [place, why] of [
    ['file/x', 'ENOTDIR'],
    ['loop', 'ELOOP'],
  ] as const) {
    const refused = {
      code: 'DATA_NOT_FOUND',
      message: expect.stringMatching(`^Cannot look into ${join(dir, place)} \\(${why}: .*may read`),
    };
    for (const read of [recognizeDataset, parquetFiles])
      expect(() => read(join(dir, place))).toThrow(expect.objectContaining(refused));
  }
  await mkdir(join(dir, 'dangling'));
  await symlink('nothing', join(dir, 'dangling', 'data'));
  expect(recognizeDataset(join(dir, 'dangling'))).toBe('image-folder');
});
