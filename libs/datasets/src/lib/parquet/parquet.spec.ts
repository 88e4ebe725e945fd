import { copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { openParquet } from './parquet-table.ts';
import { parquet } from './parquet.ts';
import { RowCache } from './row-cache.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/${name}.parquet`, import.meta.url));
const FIXTURE = fixture('duckdb');
const AS_IS = { mean: '0,0,0', std: '1,1,1' };

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-parquet-'));
});
afterEach(() => rm(dir, { recursive: true }));

const png = (red: number) =>
  sharp({ create: { width: 8, height: 8, channels: 3, background: { r: red, g: 0, b: 0 } } })
    .png()
    .toBuffer();

/** Rows in groups of four, images in a column of plain bytes. */
async function write(name: string, images: Uint8Array[], labels: number[], column = 'fine_label') {
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'img', data: images, type: 'BYTE_ARRAY' },
      { name: column, data: labels.map(BigInt), type: 'INT64' },
    ],
    rowGroupSize: 4,
  });
  await writeFile(join(dir, name), new Uint8Array(buffer));
}

const bad = (message: RegExp, code = 'BAD_DATA') => ({
  code,
  message: expect.stringMatching(message) as unknown,
});

// Image i is 8×8 with red 10 i, green 200 and blue x, label (i + 1) mod 3.
describe.each([
  ['DuckDB, with Snappy', FIXTURE],
  ['pyarrow, with LZ4 and no paths', fixture('pyarrow-lz4')],
])('a file by %s, laid out as Hugging Face does', (_, dataDir) => {
  it('gives pixels, labels and class names', async () => {
    const { classes, classNames, input, ...parts } = await parquet.open({ dataDir, ...AS_IS });
    expect([classes, classNames]).toEqual([3, ['ant', 'bee', 'cat']]);
    expect(input).toEqual({ height: 8, width: 8, channels: 3 });
    const { train, validation, test } = parts;
    expect([train.length, validation.length, test.length]).toEqual([10, 1, 1]);
    const { images, labels } = await train.read([...train.labels.keys()]);
    const red = (i: number) => Math.round(255 * images[i * 192]!);
    labels.forEach((label, i) => expect(label).toBe((red(i) / 10 + 1) % 3));
    expect(Math.round(255 * images[1]!)).toBe(200);
    expect(Math.round(255 * images[3 * 5 + 2]!)).toBe(5);
  });

  it('normalises by its training images', async () => {
    const { normalization } = await parquet.open({ dataDir });
    expect(normalization!.mean.slice(1)).toEqual([200, 3.5]);
    expect(normalization!.std.slice(1)).toEqual([1, expect.closeTo(Math.sqrt(5.25), 6)]);
  });
});

describe('parquet', () => {
  it('takes parts by the names of their files', async () => {
    const images = await Promise.all([...Array(30).keys()].map((i) => png(i)));
    const labels = images.map((_, i) => i % 2);
    await mkdir(join(dir, 'data'));
    await write('data/train-00000-of-00002.parquet', images.slice(0, 9), labels.slice(0, 9));
    await write('data/train-00001-of-00002.parquet', images.slice(9, 20), labels.slice(9, 20));
    await write('data/test-00000-of-00001.parquet', images.slice(20), labels.slice(20));
    const { train, validation, test } = await parquet.open({ dataDir: dir, ...AS_IS });
    expect([train.length, validation.length, test.length]).toEqual([18, 2, 10]);
    const block = await test.read([9, 0]);
    expect([...block.labels]).toEqual([1, 0]);
    expect([block.images[0], block.images[192]].map((v) => Math.round(255 * v!))).toEqual([29, 20]);
  });

  it('leaves a part without labels out, and says so', async () => {
    const images = await Promise.all([...Array(30).keys()].map((i) => png(i)));
    const labels = images.map((_, i) => i % 2);
    await write('train.parquet', images.slice(0, 20), labels.slice(0, 20));
    await write('validation.parquet', images.slice(20, 25), labels.slice(20, 25));
    await write('test.parquet', images.slice(20), Array<number>(10).fill(-1));
    const { train, validation, test, notes } = await parquet.open({ dataDir: dir, ...AS_IS });
    expect([train.length, validation.length, test.length]).toEqual([18, 2, 5]);
    expect(notes).toEqual([`The images for test in ${dir} have no labels (-1) and are left out.`]);
  });

  it('refuses training images of which there are none', async () => {
    await write('train.parquet', [], []);
    await write('test.parquet', [await png(0)], [0]);
    await expect(parquet.open({ dataDir: dir, ...AS_IS })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining('train.parquet has no image with a label'),
    });
  });

  it.each([
    ['test', [0, 1, 0, 1, 0, 1, -1, 1, 0, 1], 'test.parquet has label -1 in row 6'],
    ['test', [-1, -1, -1, -1, 0, 1, 0, 1, 0, 1], 'test.parquet has label -1 in row 0'],
    ['train', Array<number>(10).fill(-1), 'train.parquet has no image with a label'],
  ])('refuses a part for %s with labels %j', async (part, labels, problem) => {
    const images = await Promise.all([...Array(10).keys()].map((i) => png(i)));
    const right = images.map((_, i) => i % 2);
    await write('train.parquet', images, part === 'train' ? labels : right);
    await write('test.parquet', images, part === 'test' ? labels : right);
    await expect(parquet.open({ dataDir: dir, ...AS_IS })).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(problem),
    });
  });

  describe('in a folder for each part, as Hugging Face converts', () => {
    const put = async (path: string, first: number, count: number) => {
      const images = await Promise.all(Array.from({ length: count }, (_, i) => png(first + i)));
      await mkdir(dirname(join(dir, path)), { recursive: true });
      await write(
        path,
        images,
        images.map((_, i) => i % 2),
      );
    };
    beforeEach(async () => {
      await put('default/train/0000.parquet', 0, 12);
      await put('default/train/0001.parquet', 12, 8);
      await put('default/test/0000.parquet', 100, 5);
    });
    const open = () => parquet.open({ dataDir: dir, ...AS_IS });

    it('takes parts by the names of the folders', async () => {
      const { train, validation, test } = await open();
      expect([train.length, validation.length, test.length]).toEqual([18, 2, 5]);
      const { images } = await test.read([0, 4]);
      expect([images[0], images[192]].map((v) => Math.round(255 * v!))).toEqual([100, 104]);
    });

    it('takes them in capitals too', async () => {
      for (const part of ['train', 'test'])
        await rename(join(dir, 'default', part), join(dir, 'default', part.toUpperCase()));
      const { train, validation, test } = await open();
      expect([train.length, validation.length, test.length]).toEqual([18, 2, 5]);
    });

    it.each([
      ['a file of no part', 'default/extra/0000.parquet', /default\/extra\/0000\.parquet is of no/],
      ['several configurations', 'other/train/0000.parquet', /in default, other\./],
    ])('refuses %s', async (_, path, message) => {
      await put(path, 0, 10);
      await expect(open()).rejects.toMatchObject(bad(message));
    });

    it('refuses test images alone', async () => {
      await rm(join(dir, 'default/train'), { recursive: true });
      await expect(open()).rejects.toMatchObject(bad(/none for training/));
    });
  });

  it('names the row of an image that cannot be decoded, or is none', async () => {
    const images: Uint8Array[] = await Promise.all([...Array(20).keys()].map((i) => png(i)));
    images[6] = Buffer.from('no image');
    await write(
      'train.parquet',
      images,
      images.map((_, i) => i % 2),
    );
    await write('test.parquet', images.slice(0, 4), [0, 1, 0, 1]);
    await expect(parquet.open({ dataDir: dir })).rejects.toMatchObject(
      bad(/Cannot decode row 6 of .*train\.parquet, column "img"/, 'BAD_IMAGE'),
    );
  });

  it.each([
    ['a negative label', [0, -1], 'label', {}, /label -1 in row 1 of column "label"/],
    ['a label beyond a million', [0, 2 ** 20], 'label', {}, /label 1048576 in row 1/],
    ['one class', [0, 0], 'label', {}, /one class/],
    ['no labels', [0, 1], 'tag', {}, /no column label or labels or fine_label among img, tag/],
    ['another column', [0, 1], 'label', { imageColumn: 'photo' }, /no column photo/],
    [
      'labels for images',
      [0, 1],
      'label',
      { imageColumn: 'label' },
      /no images in column "label", but INT\d+.*--image-column/s,
    ],
  ])('refuses %s', async (_, labels, column, options, message) => {
    const images = await Promise.all([...Array(20).keys()].map((i) => png(i)));
    const twenty = images.map((_, i) => labels[i % 2]!);
    await write('train.parquet', images, twenty, column);
    await expect(parquet.open({ dataDir: dir, ...options })).rejects.toMatchObject(bad(message));
  });

  it('looks for the columns in every file', async () => {
    const images = await Promise.all([...Array(20).keys()].map((i) => png(i)));
    const labels = images.map((_, i) => i % 2);
    await write('train.parquet', images, labels, 'label');
    await write('test.parquet', images, labels, 'fine_label');
    await expect(parquet.open({ dataDir: dir })).rejects.toMatchObject(
      bad(/test\.parquet has no column label among img, fine_label/),
    );
  });

  it('names a link to nothing', async () => {
    await symlink(join(dir, 'gone'), join(dir, 'train.parquet'));
    await expect(parquet.open({ dataDir: dir })).rejects.toMatchObject(
      bad(/train\.parquet is a link to a file that is not there/),
    );
  });

  it('refuses other files, cut-off ones, and nothing', async () => {
    await writeFile(join(dir, 'x.parquet'), 'PAR1 and so on, but no footer');
    await expect(parquet.open({ dataDir: dir })).rejects.toMatchObject(bad(/no Parquet file/));
    await rm(join(dir, 'x.parquet'));
    await expect(parquet.open({ dataDir: dir })).rejects.toMatchObject(
      bad(/no Parquet file in/, 'DATA_NOT_FOUND'),
    );
  });
});

describe('RowCache', () => {
  /** Twelve rows of one byte in three groups, which counts the reads: all of them, and those under way. */
  async function counted() {
    const rows = [...Array(12).keys()].map((i) => Buffer.of(i));
    await write('x.parquet', rows, Array<number>(12).fill(0));
    const table = await openParquet(join(dir, 'x.parquet'));
    expect(table.groups).toEqual([0, 4, 8, 12]);
    const reads: number[] = [];
    const atOnce: number[] = [];
    let underWay = 0;
    const cells: typeof table.cells = async (column, group) => {
      reads.push(table.groups[group]!);
      atOnce.push(++underWay);
      const found = await table.cells(column, group);
      underWay--;
      return found;
    };
    return { table: { ...table, cells }, reads, atOnce };
  }

  it('keeps the row groups used last, up to its bytes', async () => {
    const { table, reads } = await counted();
    const cache = new RowCache('img', 8);
    for (const row of [0, 3, 7, 1, 8, 2, 4]) {
      expect([...(await cache.bytes(table, row))!]).toEqual([row]);
    }
    // 0 and 4 fit; 8 puts out 4, used longest ago; then 4 is read again.
    expect(reads).toEqual([0, 4, 8, 4]);
  });

  it('reads one row group at a time, for all who wait, and gives copies', async () => {
    const { table, reads, atOnce } = await counted();
    const cache = new RowCache('img', 0);
    const wanted = [11, 0, 5, 9, 1, 4, 0];
    const cells = await Promise.all(wanted.map((row) => cache.bytes(table, row)));
    expect(cells.map((cell) => [...cell!])).toEqual(wanted.map((row) => [row]));
    expect(cells.map((cell) => cell!.buffer.byteLength)).toEqual(wanted.map(() => 1));
    expect([reads, atOnce]).toEqual([
      [8, 0, 4],
      [1, 1, 1],
    ]);
  });

  it('reads again what could not be read', async () => {
    await copyFile(FIXTURE, join(dir, 'x.parquet'));
    const table = await openParquet(join(dir, 'x.parquet'));
    let broken = true;
    const flaky: typeof table = {
      ...table,
      cells: (...where) => (broken ? Promise.reject(new Error('broken')) : table.cells(...where)),
    };
    const cache = new RowCache('image');
    await expect(cache.bytes(flaky, 0)).rejects.toThrow('broken');
    broken = false;
    await expect(cache.bytes(flaky, 0)).resolves.toBeInstanceOf(Uint8Array);
  });
});
