import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import sharp, { type Raw } from 'sharp';
import { decodeBox, decodeCentre, sizeOfImage } from './decode-image.ts';

const png = (pixels: Uint8Array | Uint16Array, raw: Raw) => sharp(pixels, { raw }).png();
const CMYK = fileURLToPath(new URL('../../../fixtures/cmyk', import.meta.url));
const asIs = (size: number) => ({ size, resize: size });

/** Red (7x² + 3y) mod 256, green (13x + 5y²) mod 256. */
function pattern(width = 24, height = 16) {
  const pixels = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    pixels.set([7 * x * x + 3 * y, 13 * x + 5 * y * y, 11 * x * y], 3 * i);
  }
  return png(pixels, { width, height, channels: 3 }).toBuffer();
}

const channel = (pixels: Uint8Array, c: number) =>
  Array.from({ length: pixels.length / 3 }, (_, i) => pixels[3 * i + c]!);

describe('an image of the right size', () => {
  const rgb = Uint8Array.of(1, 2, 3, 250, 0, 9, 7, 7, 7, 90, 80, 70);
  const square = { width: 2, height: 2 };

  it.each([
    ['RGB', png(rgb, { ...square, channels: 3 }), [...rgb]],
    ['with a palette', png(rgb, { ...square, channels: 3 }).png({ palette: true }), [...rgb]],
    [
      'grey',
      png(Uint8Array.of(0, 100, 200, 255), { ...square, channels: 1 }).toColourspace('b-w'),
      [0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255],
    ],
    [
      'transparent',
      png(Uint8Array.of(9, 8, 7, 0, 6, 5, 4, 128, 3, 2, 1, 255, 30, 20, 10, 1), {
        ...square,
        channels: 4,
      }),
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 30, 20, 10],
    ],
    [
      'of 16 bits',
      png(
        Uint16Array.from(rgb, (v) => 257 * v),
        { ...square, channels: 3 },
      ).toColourspace('rgb16'),
      [...rgb],
    ],
  ])('%s keeps its pixels', async (_, image, pixels) => {
    expect([...(await decodeCentre(await image.toBuffer(), asIs(2)))]).toEqual(pixels);
  });

  // Pillow's convert('RGB') of the same inks.
  it.each([
    [
      [0, 0, 0, 255],
      [0, 0, 0],
    ],
    [
      [0, 0, 0, 128],
      [127, 127, 127],
    ],
    [
      [255, 0, 0, 0],
      [0, 255, 255],
    ],
    [
      [0, 0, 255, 0],
      [255, 255, 0],
    ],
    [
      [200, 90, 30, 60],
      [42, 126, 172],
    ],
  ])('in CMYK %j is as Pillow has it', async (inks, rgb) => {
    const cmyk = await readFile(join(CMYK, `${inks.join('-')}.jpg`));
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const pixels = await decodeCentre(cmyk, asIs(8));
    expect([...pixels.subarray(0, 3)]).toEqual(rgb);
  });

  it('is turned upright by its EXIF orientation', async () => {
    // Orientation 6: what is stored is to be turned by 90° clockwise.
    const stored = Uint8Array.of(1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4);
    const image = png(stored, { ...square, channels: 3 }).withMetadata({ orientation: 6 });
    const turned = await decodeCentre(await image.toBuffer(), asIs(2));
    expect(channel(turned, 0)).toEqual([3, 1, 4, 2]);
  });
});

// Computed by Pillow 9.4: resize by Image.BILINEAR to 12×8, then the middle 6×6.
it('shows the middle of an image whose short side was resized', async () => {
  const pixels = await decodeCentre(await pattern(), { size: 6, resize: 8 });
  expect(channel(pixels, 0)).toEqual([
    ...[97, 135, 145, 179, 77, 127, 91, 141, 147, 173, 83, 133, 97, 147, 129, 107, 89, 139],
    ...[103, 153, 131, 101, 95, 97, 109, 159, 137, 107, 101, 51, 115, 165, 143, 113, 107, 33],
  ]);
  expect(channel(pixels, 1).slice(0, 12)).toEqual([
    ...[120, 146, 172, 194, 196, 170, 162, 184, 162, 128, 82, 80],
  ]);
});

// torchvision 0.29's Resize(20) and CenterCrop(16) of Pillow's image. Pillow weighs in fixed point, so the two round differently.
it.each([
  [
    [40, 31] as const,
    [77, 140, 143, 171, 167, 63, 98, 233, 232, 78, 117, 132, 129, 176, 71, 103],
    [147, 166, 188, 209, 224, 134, 26, 36, 57, 77, 99, 118, 140, 161, 181, 203],
  ],
  [
    [31, 40] as const,
    [100, 147, 67, 161, 144, 92, 107, 104, 63, 225, 202, 31, 82, 171, 99, 70],
    [199, 119, 107, 106, 55, 74, 95, 114, 136, 155, 171, 166, 186, 201, 117, 106],
  ],
])('shows of %j the same middle as torchvision', async ([width, height], firstRow, lastRow) => {
  const pixels = await decodeCentre(await pattern(width, height), { size: 16, resize: 20 });
  const ours = [...channel(pixels, 0).slice(0, 16), ...channel(pixels, 1).slice(-16)];
  const theirs = [...firstRow, ...lastRow];
  expect(Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!)))).toBeLessThanOrEqual(2);
});

// Computed by Pillow: crop of (3, 2, 18, 14), resize by Image.BILINEAR to 6×6. At the edges the two differ in what lies beyond.
it('shows a box, resized', async () => {
  const box = { left: 3, top: 2, width: 15, height: 12 };
  const red = channel(await decodeBox(await pattern(), box, 6), 0);
  const inner = [1, 2, 3, 4].flatMap((y) => [1, 2, 3, 4].map((x) => red[6 * y + x]!));
  const pillow = [99, 139, 160, 124, 105, 145, 112, 107, 111, 151, 109, 110, 117, 157, 115, 116];
  inner.forEach((value, i) => expect(Math.abs(value - pillow[i]!)).toBeLessThanOrEqual(1));
});

describe('a transparent image that is resized', () => {
  // Alpha 0 to 240; turned upright, so that the box would miss were it not.
  const pixels = new Uint8Array(16 * 12 * 4).map(
    (_, i) => [200, 100, 50, 20 * ((i >> 2) % 13)][i % 4]!,
  );
  const image = () =>
    png(pixels, { width: 16, height: 12, channels: 4 }).withMetadata({ orientation: 6 }).toBuffer();
  const colour = Array.from({ length: 16 * 3 }, (_, i) => [200, 100, 50][i % 3]!);

  it('keeps its colours in the middle', async () => {
    expect([...(await decodeCentre(await image(), { size: 4, resize: 6 }))]).toEqual(colour);
  });

  it('keeps its colours in a box', async () => {
    const box = { left: 2, top: 3, width: 9, height: 12 };
    expect([...(await decodeBox(await image(), box, 4))]).toEqual(colour);
  });
});

describe('sizeOfImage', () => {
  it('is that of the upright image', async () => {
    const image = sharp(await pattern())
      .jpeg()
      .withMetadata({ orientation: 6 });
    expect(await sizeOfImage(await image.toBuffer())).toMatchObject({ width: 16, height: 24 });
  });

  it('is nothing that a text has', async () => {
    await expect(sizeOfImage(Buffer.from('no image'))).rejects.toThrow(/neither JPEG nor PNG/);
  });
});

it('a cut-off JPEG is refused', async () => {
  const whole = await sharp(await pattern())
    .jpeg()
    .toBuffer();
  const cut = whole.subarray(0, whole.length - 40);
  await expect(decodeCentre(cut, { size: 6, resize: 8 })).rejects.toThrow(/premature end/);
});
