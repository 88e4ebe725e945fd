import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { arraySource, fileOrder, holdOut, subset } from '@winnow/data';
import { defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { checksumOf } from './checksum-of.ts';
import { readAsIs } from './images/read-image.ts';

// The same path from src/lib and from dist/lib.
const FILE = new URL('../../assets/digits.csv.gz', import.meta.url);
const SHAPE = { height: 8, width: 8, channels: 1 };
const PIXELS = 64;

/** What the brightest pixel is. */
const BRIGHTEST = 16;
const pixelOf = (byte: number) => Math.round((BRIGHTEST * byte) / 255);

// Over all pixels (0 to 16) of the 1,294 training images; the standard deviation is the population's.
const NORMALIZATION = { mean: [4.868081047140649], std: [6.006703680191243] };

/**
 * Optical Recognition of Handwritten Digits (UCI; see assets/ATTRIBUTION.md), which comes with this package:
 * 1,797 images [8, 8, 1] of 10 classes. Every fifth is for testing (360), a tenth of the others for
 * validation (143), and 1,294 are left for training.
 */
export const digits = defineDataset({
  name: 'digits',
  summary: 'handwritten digits, 8×8, 1,797 images; comes with Winnow',
  options: z.strictObject({}),
  async open() {
    const csv = await promisify(gunzip)(await readFile(FILE));
    const lines = csv.toString().trim().split('\n');
    const pixels = new Uint8Array(lines.length * PIXELS);
    const labels = new Int32Array(lines.length);
    lines.forEach((line, i) => {
      const numbers = line.split(',').map(Number);
      pixels.set(numbers.slice(0, PIXELS), i * PIXELS);
      labels[i] = numbers[PIXELS]!;
    });
    const images = arraySource({ pixels, labels, shape: SHAPE, normalization: NORMALIZATION });
    const indices = fileOrder(images.length);
    return {
      name: 'digits',
      input: SHAPE,
      classes: 10,
      ...holdOut(
        subset(
          images,
          indices.filter((i) => i % 5 !== 0),
        ),
      ),
      test: subset(
        images,
        indices.filter((i) => i % 5 === 0),
      ),
      checksum: checksumOf(csv),
      readImage: (path) =>
        readAsIs(path, { name: 'digits', shape: SHAPE, normalization: NORMALIZATION, pixelOf }),
      recipe: {
        learningRate: 0.1,
        epochs: 40,
        dropEpochs: [20, 30],
        warmupEpochs: 0,
        weightDecay: 1e-3,
        batchSize: 128,
      },
    };
  },
});
