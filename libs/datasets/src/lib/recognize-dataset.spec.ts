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
  ['hub', 'data/train-00000-of-00001.parquet', 'parquet'],
  ['photos', 'cat/1.jpg', 'image-folder'],
])('a folder %s with %s holds %s', async (folder, file, name) => {
  await mkdir(dirname(join(dir, folder, file)), { recursive: true });
  await writeFile(join(dir, folder, file), '');
  expect(recognizeDataset(join(dir, folder))).toBe(name);
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
