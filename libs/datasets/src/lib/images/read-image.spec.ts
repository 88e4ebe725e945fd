import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { digits } from '../digits.ts';
import { imageFolder } from '../folders/image-folder.ts';
import { imageFiles } from './image-files.ts';
import { readAsIs } from './read-image.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-read-image-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function png(name: string, pixels: number[], width: number, channels: 1 | 3) {
  const raw = { width, height: pixels.length / width / channels, channels };
  const grey = channels === 1 ? 'b-w' : 'srgb';
  const path = join(dir, name);
  await sharp(Uint8Array.from(pixels), { raw }).toColourspace(grey).png().toFile(path);
  return path;
}

describe('an image file for the digits', () => {
  // Of the digits, 0 to 16, the brightest are a PNG's 255.
  const bytes = Array.from({ length: 64 }, (_, i) => Math.round((255 * (i % 17)) / 16));

  it.each<[kind: string, channels: 1 | 3, pixels: number[]]>([
    ['grey', 1, bytes],
    ['three times the same', 3, bytes.flatMap((byte) => [byte, byte, byte])],
  ])('is read as they are, %s', async (kind, channels, pixels) => {
    const data = await digits.open({});
    const image = await data.readImage!(await png(`${kind}.png`, pixels, 8, channels));
    const expected = bytes.map((_, i) => ((i % 17) - 4.868081047140649) / 6.006703680191243);
    expect(image).toHaveLength(64);
    image.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  it.each<[what: string, width: number, channels: 1 | 3, count: number, message: RegExp]>([
    ['wider', 10, 1, 80, /has 10 × 8 pixels where images of digits have 8 × 8/],
    ['in colours', 8, 3, 192, /has colours where images of digits are grey/],
  ])('is refused where it is %s', async (name, width, channels, count, message) => {
    const data = await digits.open({});
    const pixels = Array.from({ length: count }, (_, i) => i);
    const path = await png(`${name}.png`, pixels, width, channels);
    await expect(data.readImage!(path)).rejects.toMatchObject({
      code: 'BAD_IMAGE',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('is refused where it is no image', async () => {
    const data = await digits.open({});
    await writeFile(join(dir, 'text.png'), 'no image');
    await expect(data.readImage!(join(dir, 'text.png'))).rejects.toMatchObject({
      code: 'BAD_IMAGE',
      sentence: `Cannot decode ${join(dir, 'text.png')} (it is neither JPEG nor PNG).`,
    });
  });
});

it('keeps rows, columns and colours apart, normalised each by its own', async () => {
  const pixels = Array.from({ length: 2 * 3 * 3 }, (_, i) => 10 * i);
  const path = await png('small.png', pixels, 3, 3);
  const shape = { height: 2, width: 3, channels: 3 };
  const normalization = { mean: [0, 10, 20], std: [1, 2, 4] };
  const image = await readAsIs(path, { name: 'small', shape, normalization });
  const expected = pixels.map((value, i) => (value - [0, 10, 20][i % 3]!) / [1, 2, 4][i % 3]!);
  expect([...image]).toEqual(expected);
});

it('is read as those of a folder of images are, in whatever folder it lies', async () => {
  const made = (red: number) =>
    sharp({ create: { width: 24, height: 12, channels: 3, background: { r: red, g: 9, b: 200 } } })
      .composite([{ input: Buffer.from([red, 0, 7]), raw: { width: 1, height: 1, channels: 3 } }])
      .png()
      .toBuffer();
  for (const [label, name] of ['ant', 'bee'].entries()) {
    await mkdir(join(dir, 'tree', name), { recursive: true });
    for (let i = 0; i < 10; i++)
      await writeFile(join(dir, 'tree', name, `${i}.png`), await made(100 * label + 10 * i));
  }
  const options = { dataDir: join(dir, 'tree'), imageSize: 8 };
  const data = await imageFolder.open(options);
  const { images } = await data.test.read([0]);
  const paths = imageFiles([join(dir, 'tree')]);
  const all = await Promise.all(paths.map((path) => data.readImage!(path)));
  expect(all).toHaveLength(20);
  expect(all.filter((image) => image.join() === images.join())).toHaveLength(1);
});

describe('imageFiles', () => {
  it('are those that are named, and those in and below folders, sorted', async () => {
    const folder = join(dir, 'mixed');
    await mkdir(join(folder, 'below'), { recursive: true });
    for (const name of ['b.PNG', 'a.jpeg', 'notes.txt', '.hidden.png', 'below/c.jpg'])
      await writeFile(join(folder, name), '');
    const found = imageFiles([join(folder, 'notes.txt'), folder]);
    const names = ['notes.txt', 'a.jpeg', 'b.PNG', 'below/c.jpg'];
    expect(found).toEqual(names.map((name) => join(folder, name)));
  });

  it.each<[what: string, name: string, code: string]>([
    ['a name of nothing', 'nothing.png', 'FILE_NOT_READABLE'],
    ['a folder without images', 'empty', 'BAD_DATA'],
  ])('refuses %s', async (_, name, code) => {
    await mkdir(join(dir, 'empty'), { recursive: true });
    expect(() => imageFiles([join(dir, name)])).toThrow(expect.objectContaining({ code }));
  });
});
