import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { checksumOf } from './checksum-of.ts';
import { DIGITS, digitsIn } from './digits-table.ts';
import { readAsIs } from './images/read-image.ts';

// The same path from src/lib and from dist/lib.
const FILE = new URL('../../assets/digits.csv.gz', import.meta.url);

/** What the brightest pixel is. */
const BRIGHTEST = 16;
const pixelOf = (byte: number) => Math.round((BRIGHTEST * byte) / 255);

/**
 * Optical Recognition of Handwritten Digits (UCI; see assets/ATTRIBUTION.md), which comes with this package; see
 * `digitsIn` for its parts.
 */
export const digits = defineDataset({
  name: 'digits',
  summary: 'handwritten digits, 8×8, 1,797 images; comes with Winnow',
  options: z.strictObject({}),
  async open() {
    const csv = await promisify(gunzip)(await readFile(FILE));
    return {
      ...digitsIn(csv.toString()),
      checksum: checksumOf(csv),
      readImage: (path) => readAsIs(path, { name: 'digits', ...DIGITS, pixelOf }),
    };
  },
});
