import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LimitReached, limitsFor } from '@winnow/files/confined';
import { type KeyValue, parquetMetadata } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { verifyDataset } from '../verify-dataset.ts';
import { openParquet } from './parquet-table.ts';
import { parquet } from './parquet.ts';
import { RowCache } from './row-cache.ts';

/** Of four rows; lists in its column of images turn in circles. */
const HANGING = fileURLToPath(new URL('../../../fixtures/hang.parquet', import.meta.url));

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-damaged-'));
});
afterEach(() => rm(dir, { recursive: true }));

const put = async (name: string, bytes: Uint8Array) => {
  await writeFile(join(dir, name), bytes);
  return join(dir, name);
};

/** Forty images with two labels, in two row groups, and where its pages of images and of labels begin. */
async function table(kvMetadata: KeyValue[] = []) {
  const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const forty = Array.from({ length: 40 }, (_, i) => i);
  const buffer = parquetWriteBuffer({
    codec: 'UNCOMPRESSED',
    rowGroupSize: 20,
    kvMetadata,
    columnData: [
      { name: 'image', data: forty.map(() => image), type: 'BYTE_ARRAY', encoding: 'PLAIN' },
      { name: 'label', data: forty.map((i) => i % 2), type: 'INT32', encoding: 'PLAIN' },
    ],
  });
  const metadata = parquetMetadata(buffer);
  const pages = metadata.row_groups.map(({ columns }) =>
    columns.map(({ meta_data }) => Number(meta_data!.data_page_offset)),
  );
  const bytes = Buffer.from(buffer);
  return { bytes, pages, footer: bytes.length - 8 - metadata.metadata_length };
}

/** 20 values that are there, as a run: its length twice, then 1. */
const RUN = Buffer.from('2801', 'hex');
/** A run of 2³⁰. */
const LONG_RUN = Buffer.from('feffffff07', 'hex');
/** No type of Thrift's. */
const NO_TYPE = 0x1f;

const bad = (message: RegExp) => ({ code: 'BAD_DATA', message: expect.stringMatching(message) });
const open = () => parquet.open({ dataDir: dir }, { verifying: true });
const read = () =>
  open().then((dataset) => verifyDataset(dataset, new AbortController().signal, () => {}));

describe('a damaged Parquet file', () => {
  it('with a run of a billion labels is refused by name', async () => {
    const { bytes, pages } = await table();
    LONG_RUN.copy(bytes, bytes.indexOf(RUN, pages[1]![1]));
    await put('train.parquet', bytes);
    await expect(open()).rejects.toMatchObject(
      bad(
        /train\.parquet cannot be read at rows 20 to 39 \(it takes more than 1024 MiB of memory\)/,
      ),
    );
  });

  it('with such a run of images is a problem of these images', async () => {
    const { bytes, pages } = await table();
    await put('test.parquet', bytes);
    LONG_RUN.copy(bytes, bytes.indexOf(RUN, pages[1]![0]));
    await put('train.parquet', bytes);
    const { images, problems } = await read();
    expect(images).toBe(80);
    expect(problems.length).toBe(20);
    expect(new Set(problems).size).toBe(20);
    for (const problem of problems) {
      expect(problem).toMatch(/row \d+ of .*train\.parquet, column "image" \(.*more than 1024 MiB/);
    }
  });

  it('twice damaged ends nothing, whatever fails first', async () => {
    const { bytes, pages } = await table();
    for (const [images, labels] of pages) {
      bytes[images!] = NO_TYPE;
      bytes[labels!] = NO_TYPE;
    }
    await put('train.parquet', bytes);
    await expect(open()).rejects.toMatchObject(bad(/cannot be read at rows 0 to 19 \(thrift/));
  });

  it('that hangs is given up, and not asked again', async () => {
    const hanging = await openParquet(HANGING, () => ({ ...limitsFor(0), seconds: 0.5 }));
    const cache = new RowCache('image');
    const first = await cache.bytes(hanging, 0).catch((error: unknown) => error);
    expect(first).toMatchObject(bad(/hang\.parquet cannot be read at rows 0 to 3 \(.*processor/));
    expect((first as Error).cause).toBeInstanceOf(LimitReached);
    expect(await cache.bytes(hanging, 3).catch((error: unknown) => error)).toBe(first);
    expect((await hanging.labels('label', 0)).labels).toEqual(Int32Array.of(0, 1, 0, 1));
  });

  it('may not claim rows that no file can have', async () => {
    const { bytes, footer } = await table();
    const path = await put('train.parquet', bytes);
    expect((await openParquet(path)).groups).toEqual([0, 20, 40]);
    // Of the last row group the number of rows, which Thrift doubles; made odd it is negative.
    bytes.set([0x16, 0x7f], footer + bytes.subarray(footer).lastIndexOf(Buffer.of(0x16, 40)));
    await put('train.parquet', bytes);
    await expect(openParquet(path)).rejects.toMatchObject(bad(/claims -44 rows in \d+ bytes/));
  });

  it('whose names of classes are none has numbers for them', async () => {
    const info = { features: { label: { names: [1, { ant: 2 }] } } };
    const { bytes } = await table([{ key: 'huggingface', value: JSON.stringify({ info }) }]);
    await put('train.parquet', bytes);
    const { classes, classNames } = await open();
    expect([classes, classNames]).toEqual([2, undefined]);
  });

  const onPosix = process.platform === 'win32' ? it.skip : it;
  onPosix('is no pipe', async () => {
    execFileSync('mkfifo', [join(dir, 'train.parquet')]);
    await expect(open()).rejects.toMatchObject(bad(/train\.parquet is no file/));
  });
});
