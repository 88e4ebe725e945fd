import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { imageFolder } from '../folders/image-folder.ts';
import { imagenet } from '../folders/imagenet.ts';

let dir: string;
/** Twenty grey images of 8 × 8 in each of two classes. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-streamed-'));
  for (const part of ['train', 'val']) {
    for (const [label, name] of ['ant', 'bee'].entries()) {
      await mkdir(join(dir, part, name), { recursive: true });
      const background = { r: 100 * label, g: 100 * label, b: 100 * label };
      const image = sharp({ create: { width: 8, height: 8, channels: 3, background } });
      for (let i = 0; i < 20; i++) await image.png().toFile(join(dir, part, name, `${i}.png`));
    }
  }
});
afterAll(() => rm(dir, { recursive: true }));

describe('a run is told what images are normalised by', () => {
  it('where it was computed of them', async () => {
    const { normalization } = await imageFolder.open({ dataDir: dir });
    // Half of them 0, half 100; as many of each class are held out.
    expect(normalization).toEqual({ mean: [50, 50, 50], std: [50, 50, 50] });
  });

  it('where it was given, in bytes', async () => {
    const given = { mean: '0.4,0.5,0.6', std: '0.2,0.2,1' };
    const { normalization, train } = await imageFolder.open({ dataDir: dir, ...given });
    expect(normalization).toEqual({ mean: [102, 127.5, 153], std: [51, 51, 255] });
    const { images } = await train.read([0]);
    expect([...images.subarray(0, 3)]).toEqual([-2, -2.5, expect.closeTo(-0.6, 6)]);
  });

  it('but not where it is always the same', async () => {
    expect(await imagenet.open({ dataDir: dir, imageSize: 8 })).not.toHaveProperty('normalization');
  });
});
