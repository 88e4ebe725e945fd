import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { writeFolderWhole } from './write-folder-whole.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

const ours = (name: string) => name.endsWith('.bin');

it('replaces a folder of the same kind, and leaves nothing beside it', async () => {
  const path = join(folder, 'a/model');
  await writeFolderWhole(
    path,
    new Map([
      ['1.bin', Uint8Array.of(1)],
      ['2.bin', Uint8Array.of(2)],
    ]),
    ours,
  );
  await mkdir(`${path}.winnow.partial`);
  await writeFile(join(`${path}.winnow.partial`, 'rest'), '');
  await writeFolderWhole(`${path}/`, new Map([['1.bin', Uint8Array.of(3)]]), ours);
  expect(await readdir(path)).toEqual(['1.bin']);
  expect([...(await readFile(join(path, '1.bin')))]).toEqual([3]);
  expect(await readdir(join(folder, 'a'))).toEqual(['model']);
});

it('leaves what a user has beside it', async () => {
  const beside = ['model.partial', 'model.replaced'];
  for (const name of beside) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'thesis.tex'), 'x');
  }
  for (const byte of [1, 2]) {
    const files = new Map([['1.bin', Uint8Array.of(byte)]]);
    await writeFolderWhole(join(folder, 'model'), files, ours);
  }
  expect((await readdir(folder)).sort()).toEqual(['model', ...beside]);
  for (const name of beside) expect(await readdir(join(folder, name))).toEqual(['thesis.tex']);
});

it('is written by one at a time', async () => {
  const path = join(folder, 'model');
  const write = (byte: number) =>
    writeFolderWhole(
      path,
      new Map(['1.bin', '2.bin', '3.bin'].map((name) => [name, Uint8Array.of(byte)])),
      ours,
    );
  const [first, second] = await Promise.allSettled([write(1), write(2)]);
  const [byte, refused] = first.status === 'fulfilled' ? [1, second] : [2, first];
  expect(refused).toMatchObject({
    reason: {
      code: 'FILE_NOT_WRITABLE',
      message: expect.stringContaining(`is being written by process ${process.pid} on `),
    },
  });
  for (const name of ['1.bin', '2.bin', '3.bin'])
    expect([...(await readFile(join(path, name)))]).toEqual([byte]);
  expect(await readdir(folder)).toEqual(['model']);
});

it('loses no file of another kind', async () => {
  await writeFile(join(folder, 'thesis.tex'), 'x');
  const write = writeFolderWhole(folder, new Map([['1.bin', Uint8Array.of(1)]]), ours);
  await expect(write).rejects.toMatchObject({
    code: 'FILE_NOT_WRITABLE',
    message: expect.stringContaining('holds thesis.tex'),
  });
  expect(await readdir(folder)).toEqual(['thesis.tex']);
});
