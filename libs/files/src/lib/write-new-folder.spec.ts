import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { writeNewFolder } from './write-new-folder.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'winnow-folder-'));
});
afterEach(() => rm(parent, { recursive: true }));

// A file cannot be a folder too.
const impossible = new Map([
  ['a', 'one'],
  ['a/b', 'two'],
]);

it('writes into a new folder and into an empty one', async () => {
  const files = new Map([['src/a.ts', 'one']]);
  await writeNewFolder(join(parent, 'new/er'), files);
  expect(await readFile(join(parent, 'new/er/src/a.ts'), 'utf8')).toBe('one');
  await rm(join(parent, 'new'), { recursive: true });
  await writeNewFolder(parent, files);
  expect(await readdir(parent)).toEqual(['src']);
});

it('leaves nothing when a file cannot be written', async () => {
  for (const folder of [join(parent, 'new/er'), parent]) {
    await expect(writeNewFolder(folder, impossible)).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
    });
    expect(await readdir(parent)).toEqual([]);
  }
});

it('says that a folder cannot be made', async () => {
  // Longer than any name may be.
  await expect(writeNewFolder(join(parent, 'x'.repeat(300)), impossible)).rejects.toMatchObject({
    code: 'FILE_NOT_WRITABLE',
    message: expect.stringMatching(/^Cannot make the folder /),
  });
});

it('touches no folder that holds something, and no file', async () => {
  const path = join(parent, 'mine');
  await writeFile(path, 'mine');
  for (const folder of [parent, path]) {
    await expect(writeNewFolder(folder, new Map([['mine', 'other']]))).rejects.toMatchObject({
      code: 'FOLDER_NOT_EMPTY',
    });
  }
  await expect(writeNewFolder(join(path, 'in'), new Map([['a', 'b']]))).rejects.toMatchObject({
    code: 'FOLDER_NOT_EMPTY',
  });
  expect(await readdir(parent)).toEqual(['mine']);
  expect(await readFile(path, 'utf8')).toBe('mine');
});
