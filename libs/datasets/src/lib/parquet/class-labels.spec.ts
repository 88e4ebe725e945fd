import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parquetWriteBuffer } from 'hyparquet-writer';
import sharp from 'sharp';
import { parquet } from './parquet.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-class-labels-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** Twenty images, and the names of their classes as Hugging Face writes them; none where there are none. */
async function put(
  name: string,
  names: readonly string[] | undefined,
  label: (row: number) => number = (row) => row % 2,
) {
  const image = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const rows = [...Array(20).keys()];
  const info = { features: { label: { names, _type: 'ClassLabel' } } };
  const buffer = parquetWriteBuffer({
    kvMetadata: names ? [{ key: 'huggingface', value: JSON.stringify({ info }) }] : [],
    columnData: [
      { name: 'image', data: rows.map(() => image), type: 'BYTE_ARRAY' },
      { name: 'label', data: rows.map((row) => label(row)), type: 'INT32' },
    ],
  });
  await writeFile(join(dir, `${name}.parquet`), new Uint8Array(buffer));
}

const open = () => parquet.open({ dataDir: dir, mean: '0,0,0', std: '1,1,1' });

describe('the names of the classes', () => {
  it.each([
    ['in another order', ['dog', 'cat'], '"dog" for label 0', '"cat"'],
    ['of which one is another', ['cat', 'eel'], '"eel" for label 1', '"dog"'],
    ['of which there are more', ['cat', 'dog', 'eel'], '"eel" for label 2', 'no name'],
  ])('are refused in a file for testing %s', async (_, names, other, own) => {
    await put('train', ['cat', 'dog']);
    await put('test', names);
    await expect(open()).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringContaining(
        `${join(dir, 'test.parquet')} has ${other} of column "label", and ${join(dir, 'train.parquet')} has ${own}.`,
      ),
    });
  });

  it('are compared among the files of a part', async () => {
    await put('train-0', undefined);
    await put('train-1', ['cat', 'dog']);
    await put('train-2', ['dog', 'cat']);
    await expect(open()).rejects.toMatchObject({
      code: 'BAD_DATA',
      message: expect.stringMatching(/train-2\.parquet has "dog" for label 0.*train-1\.parquet/),
    });
  });

  it.each(['train-0', 'train-1', 'test'])('count the classes from %s too', async (named) => {
    const names = ['cat', 'dog', 'eel', 'fox'];
    for (const file of ['train-0', 'train-1', 'test'])
      await put(
        file,
        file === named ? names : undefined,
        file === 'test' ? (i) => i % 4 : undefined,
      );
    const { classes, classNames } = await open();
    expect([classes, classNames]).toEqual([4, names]);
  });

  it('may be lacking, and be others where no image has a label', async () => {
    await put('train', ['cat', 'dog']);
    await put('validation', undefined);
    await put('test', ['dog', 'cat'], () => -1);
    const { classNames, test } = await open();
    expect([classNames, test.length]).toEqual([['cat', 'dog'], 20]);
  });
});
