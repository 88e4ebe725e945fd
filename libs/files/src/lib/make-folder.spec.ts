import { existsSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { makeFolder } from './make-folder.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-make-folder-'));
});
afterAll(() => rm(dir, { recursive: true }));

it('makes a folder with those around it, and gives the outermost that it made', async () => {
  expect(await makeFolder(join(dir, 'a/b/c'))).toBe(join(dir, 'a'));
  expect(statSync(join(dir, 'a/b/c')).isDirectory()).toBe(true);
  expect(await makeFolder(join(dir, 'a/b/c'))).toBeUndefined();
});

it('lets several make it at once', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => makeFolder(join(dir, 'at/once'))));
  expect(existsSync(join(dir, 'at/once'))).toBe(true);
  expect(made.filter((folder) => folder === join(dir, 'at'))).toHaveLength(1);
});

it('refuses a file, and a place within it', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(makeFolder(join(dir, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(makeFolder(join(dir, 'file/sub'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

// Node's own never ends there.
(existsSync('/proc/self') ? it : it.skip)('refuses a place in /proc', async () => {
  await expect(makeFolder('/proc/winnow/run')).rejects.toMatchObject({ code: 'ENOENT' });
});
