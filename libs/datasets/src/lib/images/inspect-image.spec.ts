import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LimitReached } from '@winnow/files/confined';
import sharp from 'sharp';
import { decodeBox, decodeCentre, sizeOfImage } from './decode-image.ts';
import { encodedSource } from './encoded-source.ts';
import { inspected } from './inspect-image.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-inspect-'));
});
afterAll(() => rm(dir, { recursive: true }));

const create = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } });

/** A PNG that says of itself to have another size. */
async function claiming(width: number, height: number): Promise<Buffer> {
  const png = await create(8, 8).png().toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

const CENTRE = { size: 8, resize: 9 };
const BOX = { left: 0, top: 0, width: 8, height: 8 };

describe('an image that claims to be huge', () => {
  it.each([
    [16_744_192, 16],
    [16, 16_744_192],
    [65_536, 1],
    [60_000, 60_000],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])('%d × %d is refused before it is decoded, as bytes and as a file', async (width, height) => {
    const png = await claiming(width, height);
    const path = join(dir, 'bomb.png');
    await writeFile(path, png);
    for (const image of [png, path]) {
      for (const attempt of [
        () => decodeCentre(image, CENTRE),
        () => decodeBox(image, BOX, 8),
        () => sizeOfImage(image),
      ]) {
        await expect(attempt()).rejects.toBeInstanceOf(LimitReached);
        await expect(attempt()).rejects.toThrow(`it has ${width} × ${height} pixels`);
      }
    }
  });

  it('is refused too where it is a JPEG', async () => {
    const jpeg = await create(8, 8).jpeg().toBuffer();
    const size = jpeg.indexOf(Buffer.from('ffc0', 'hex')) + 5;
    jpeg.writeUInt16BE(65_500, size);
    jpeg.writeUInt16BE(65_500, size + 2);
    await expect(decodeCentre(jpeg, CENTRE)).rejects.toBeInstanceOf(LimitReached);
  });

  it('is BAD_DATA with its name, and no other image fails', async () => {
    const images = [await create(8, 8).png().toBuffer(), await claiming(16_744_192, 16)];
    const source = encodedSource(
      { labels: Int32Array.of(0, 1), nameOf: (i) => `${i}.png`, encoded: (i) => images[i]! },
      { ...CENTRE, augmentation: 'none', normalization: { mean: [0, 0, 0], std: [1, 1, 1] } },
    );
    expect((await source.read([0])).images[1]).toBe(128);
    await expect(source.read([1])).rejects.toMatchObject({
      code: 'BAD_DATA',
      sentence:
        'Cannot decode 1.png (it has 16744192 × 16 pixels where at most 65535 a side and 178956970 in all are read).',
    });
  });
});

describe('what is no JPEG or PNG', () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>';
  it.each([
    ['a drawing', () => Buffer.from(drawing)],
    ['a WebP', () => create(8, 8).webp().toBuffer()],
    ['a TIFF', () => create(8, 8).tiff().toBuffer()],
    ['the beginning of a PNG', async () => (await create(8, 8).png().toBuffer()).subarray(0, 20)],
    ['nothing', () => Buffer.alloc(0)],
  ])('%s is refused', async (_, bytes) => {
    await expect(decodeCentre(await bytes(), CENTRE)).rejects.toThrow('neither JPEG nor PNG');
  });

  const onPosix = process.platform === 'win32' ? it.skip : it;
  onPosix('a pipe is refused, and not waited for', async () => {
    const path = join(dir, 'pipe.png');
    execFileSync('mkfifo', [path]);
    await expect(decodeCentre(path, CENTRE)).rejects.toThrow('neither JPEG nor PNG');
  });
});

it('reads large images as before', async () => {
  const path = join(dir, 'large.jpg');
  await create(4000, 3000).jpeg().toFile(path);
  expect(await sizeOfImage(path)).toMatchObject({ width: 4000, height: 3000 });
  expect((await decodeCentre(path, CENTRE)).length).toBe(8 * 8 * 3);
});

it('reads a small file once, and leaves a large one to the decoder', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const large = sharp({
    create: { width: 256, height: 256, channels: 3, background: 'teal', noise },
  });
  for (const [name, image] of Object.entries({ small: create(8, 8), large })) {
    const path = join(dir, `${name}.png`);
    const { size } = await image.png().toFile(path);
    const found = await inspected(path);
    if (name === 'large') expect(found).toBe(path);
    else expect(found.length).toBe(size);
  }
});
