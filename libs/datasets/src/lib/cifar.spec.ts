import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CIFAR_10, CIFAR_100, type CifarVariant, cifar10, openCifar } from './cifar.ts';

const ten: CifarVariant = {
  ...CIFAR_10,
  trainFiles: CIFAR_10.trainFiles.map(({ name }) => ({ name, records: 20 })),
  testFiles: [{ name: 'test_batch.bin', records: 4 }],
};

/** A record whose red is all 255, green 0 and blue 0 to 255 along each row and down, four times over. */
function record(...labels: number[]): Buffer {
  const planes = Uint8Array.from({ length: 3072 }, (_, i) => [255, 0, i % 256][i >> 10]!);
  return Buffer.concat([Uint8Array.from(labels), planes]);
}

let dataDir: string;
let folder: string;
const put = (name: string, ...parts: Uint8Array[]) =>
  writeFile(join(folder, name), Buffer.concat(parts));
const twenty = Array.from({ length: 20 }, (_, i) => record(i % 10));

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'winnow-cifar-'));
  folder = join(dataDir, 'cifar-10-batches-bin');
  await mkdir(folder);
  for (const { name } of ten.trainFiles) await put(name, ...twenty);
  await put('test_batch.bin', record(9), record(1), record(2), record(3));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe('openCifar', () => {
  it('turns planes into normalised pixels', async () => {
    const { test, input, classes } = await openCifar(ten, { dataDir });
    expect({ ...input, classes }).toEqual({ height: 32, width: 32, channels: 3, classes: 10 });
    const { images, labels } = await test.read([0]);
    expect([...labels]).toEqual([9]);
    // Pixel (row 2, column 5) is (255, 0, 69): (1 − 0.4914) / 0.2023, −0.4822 / 0.1994, (69/255 − 0.4465) / 0.2010.
    const pixel = [...images.subarray(69 * 3, 69 * 3 + 3)];
    [2.514088, -2.418255, -0.875183].forEach((x, c) => expect(pixel[c]).toBeCloseTo(x, 5));
  });

  it('holds out a tenth, and limits the training images alone', async () => {
    const all = await openCifar(ten, { dataDir });
    expect([all.train.length, all.validation.length, all.test.length]).toEqual([90, 10, 4]);
    const few = await openCifar(ten, { dataDir, trainImages: 20 });
    expect(few.train.labels.toSorted()).toEqual(Int32Array.from({ length: 20 }, (_, i) => i >> 1));
    expect(few.validation.labels.toSorted()).toEqual(Int32Array.from({ length: 10 }, (_, i) => i));
  });

  it('flips training images by their draws', async () => {
    const { train } = await openCifar(ten, { dataDir });
    const blue = async (flip: number) => {
      const { images } = await train.read([0], () => Float32Array.of(flip, 0.5, 0.5));
      return [images[2]!, images[31 * 3 + 2]!];
    };
    expect((await blue(0.1)).reverse()).toEqual(await blue(0.9));
  });

  it('takes the folder itself as well, and names what it read by its SHA-256', async () => {
    const hash = createHash('sha256');
    for (let i = 0; i < 5; i++) hash.update(Buffer.concat(twenty));
    for (const label of [9, 1, 2, 3]) hash.update(record(label));
    expect((await openCifar(ten, { dataDir: folder })).checksum).toBe(hash.digest('hex'));
  });

  it('reads the fine labels of CIFAR-100', async () => {
    const hundred: CifarVariant = {
      ...CIFAR_100,
      trainFiles: [{ name: 'train.bin', records: 10 }],
      testFiles: [{ name: 'test.bin', records: 1 }],
    };
    await put('train.bin', ...Array.from({ length: 10 }, () => record(3, 98)));
    await put('test.bin', record(19, 77));
    const { train, test } = await openCifar(hundred, { dataDir: folder });
    expect([...train.labels, ...test.labels]).toEqual([...Array<number>(9).fill(98), 77]);
  });

  it.each([
    [
      'no folder',
      'gone',
      'DATA_NOT_FOUND',
      /for --data-dir .*gone is no folder.*binary version.*kriz/,
    ],
    ['no file', '', 'DATA_NOT_FOUND', /lacks data_batch_2\.bin, data_batch_4\.bin/],
  ])('refuses %s', async (_, path, code, message) => {
    await rm(join(folder, 'data_batch_2.bin'));
    await rm(join(folder, 'data_batch_4.bin'));
    const opening = openCifar(ten, { dataDir: join(dataDir, path) });
    await expect(opening).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it.each([
    ['a truncated file', [...twenty.slice(1)], /data_batch_3\.bin has 58387 bytes .* 61460/],
    ['a file one record too long', [...twenty, record(1)], /has 64533 bytes .* 61460/],
    ['a label out of range', [record(0), record(10), ...twenty.slice(2)], /Record 1 of .*_3\.bin/],
  ])('refuses %s', async (_, parts, message) => {
    await put('data_batch_3.bin', ...parts);
    await expect(openCifar(ten, { dataDir })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(message),
    });
  });
});

it('cifar10 asks for the standard 10,000 records a file', async () => {
  await expect(cifar10.open({ dataDir })).rejects.toThrow(/61460 bytes .* 30730000/);
});
