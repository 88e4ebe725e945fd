import { copyFile, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fashionMnist, mnist } from './mnist.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-mnist-'));
  await put('train', 20);
  await put('t10k', 4);
});
afterEach(() => rm(dir, { recursive: true }));

const header = (...numbers: number[]) => {
  const bytes = Buffer.alloc(4 + 4 * numbers.length);
  bytes.set([0, 0, 8, numbers.length]);
  numbers.forEach((n, i) => bytes.writeUInt32BE(n, 4 + 4 * i));
  return bytes;
};
/** Images of 2×3 pixels, all of them the image's index. */
const imagesOf = (count: number) =>
  Buffer.concat([header(count, 2, 3), Buffer.alloc(6 * count).map((_, i) => Math.floor(i / 6))]);
const labelsOf = (count: number) =>
  Buffer.concat([header(count), Buffer.alloc(count).map((_, i) => i % 10)]);

async function put(part: string, count: number): Promise<void> {
  await writeFile(join(dir, `${part}-images-idx3-ubyte.gz`), gzipSync(imagesOf(count)));
  await writeFile(join(dir, `${part}-labels-idx1-ubyte`), labelsOf(count));
}

const open = () => mnist.open({ dataDir: dir });

describe('mnist', () => {
  it('reads IDX files, packed or not', async () => {
    const { input, classes, train, validation, test, normalization } = await open();
    expect([input, classes]).toEqual([{ height: 2, width: 3, channels: 1 }, 10]);
    expect([train.length, validation.length, test.length]).toEqual([18, 2, 4]);
    // Two images a class; a tenth of 20 is held out, the last of classes 8 and 9.
    expect([...validation.labels]).toEqual([8, 9]);
    const kept = Array.from({ length: 18 }, (_, i) => i);
    const mean = 8.5;
    const std = Math.sqrt(kept.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 18);
    expect(normalization).toEqual({ mean: [mean], std: [expect.closeTo(std, 9)] });
    const { images, labels } = await test.read([3]);
    expect([...labels]).toEqual([3]);
    expect(images).toHaveLength(6);
    for (const pixel of images) expect(pixel).toBeCloseTo((3 - mean) / std, 5);
  });

  it('is the same data to the checksum, packed or not, and other data are not', async () => {
    const { checksum } = await open();
    await writeFile(join(dir, 't10k-images-idx3-ubyte'), imagesOf(4));
    expect((await open()).checksum).toBe(checksum);
    await put('t10k', 5);
    await rm(join(dir, 't10k-images-idx3-ubyte'));
    expect((await fashionMnist.open({ dataDir: dir })).checksum).not.toBe(checksum);
  });

  it('reads files in folders of their names', async () => {
    const { checksum } = await open();
    for (const name of ['train-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte']) {
      await rename(join(dir, name), join(dir, 'file'));
      await mkdir(join(dir, name.replace('.gz', '')));
      await rename(join(dir, 'file'), join(dir, name.replace('.gz', ''), name));
    }
    expect((await open()).checksum).toBe(checksum);
    await rm(join(dir, 't10k-labels-idx1-ubyte/t10k-labels-idx1-ubyte'));
    await expect(open()).rejects.toMatchObject({
      code: 'DATA_NOT_FOUND',
      message: expect.stringMatching(/lacks t10k-labels-idx1-ubyte/) as unknown,
    });
  });

  it('refuses fewer than ten training images', async () => {
    await put('train', 9);
    await expect(open()).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(/9 training images, too few/) as unknown,
    });
  });

  it.each([
    ['mnist', 'FashionMNIST/raw', fashionMnist, mnist],
    ['fashion-mnist', 'mnist', mnist, fashionMnist],
  ])('as %s refuses the folder %s', async (_, folder, right, wrong) => {
    const inside = join(dir, folder);
    await mkdir(inside, { recursive: true });
    for (const name of await readdir(dir)) {
      if (name.includes('ubyte')) await rename(join(dir, name), join(inside, name));
    }
    expect((await right.open({ dataDir: inside })).train.length).toBe(18);
    await expect(wrong.open({ dataDir: inside })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(
        /is a folder of (.*mnist) where .*mnist is needed\. Name \1 as the data set, or rename the folder\.$/,
      ) as unknown,
    });
  });

  it.each([
    ['mnist', 'MNIST', mnist],
    ['fashion-mnist', 'FashionMNIST', fashionMnist],
  ])('finds %s in the folder raw of %s, but where its files lie beside that', async (...names) => {
    const [, folder, dataset] = names;
    const raw = join(dir, folder, 'raw');
    await mkdir(raw, { recursive: true });
    for (const name of await readdir(dir)) {
      if (name.includes('ubyte')) await copyFile(join(dir, name), join(raw, name));
    }
    await put('train', 30);
    const count = async (dataDir: string) => (await dataset.open({ dataDir })).train.length;
    expect(await count(join(dir, folder))).toBe(18);
    await rename(raw, join(dir, 'raw'));
    expect(await count(dir)).toBe(27);
  });

  it.each([
    ['no labels', 'train-labels-idx1-ubyte', undefined, 'DATA_NOT_FOUND', /train-labels/],
    ['fewer labels', 'train-labels-idx1-ubyte', labelsOf(19), 'BAD_DATA', /20 images.*\[19\]/],
    ['a text', 't10k-labels-idx1-ubyte', Buffer.from('text'), 'BAD_DATA', /two zeros/],
    ['too few bytes', 't10k-labels-idx1-ubyte', Buffer.of(0), 'BAD_DATA', /1 bytes/],
    ['floats', 't10k-labels-idx1-ubyte', Buffer.of(0, 0, 13, 1), 'BAD_DATA', /type is 13/],
    [
      'a cut-off file',
      't10k-labels-idx1-ubyte',
      labelsOf(4).subarray(0, 10),
      'BAD_DATA',
      /2 values where its shape \[4\] needs 4/,
    ],
    [
      'a label beyond 9',
      't10k-labels-idx1-ubyte',
      Buffer.concat([header(4), Buffer.of(1, 2, 10, 3)]),
      'BAD_DATA',
      /Label 2 of .* is 10/,
    ],
    ['bad gzip', 't10k-images-idx3-ubyte.gz', Buffer.from('no gzip'), 'BAD_DATA', /Cannot unpack/],
  ])('refuses %s', async (_, file, bytes, code, message) => {
    await rm(join(dir, file));
    if (bytes) await writeFile(join(dir, file), bytes);
    await expect(open()).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
