import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readIfThere, readWhole } from './read-whole.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-read-whole-'));
  await writeFile(join(dir, 'file'), 'é');
});
afterEach(() => rm(dir, { recursive: true }));

describe('reading a file', () => {
  it('gives its bytes', async () => {
    expect([...(await readWhole(join(dir, 'file')))]).toEqual([0xc3, 0xa9]);
    expect([...(await readIfThere(join(dir, 'file')))!]).toEqual([0xc3, 0xa9]);
  });

  it('tells one that is absent from one that cannot be read', async () => {
    for (const absent of [join(dir, 'none'), join(dir, 'file', 'below')]) {
      expect(await readIfThere(absent)).toBeUndefined();
      await expect(readWhole(absent)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
    }
    await expect(readIfThere(dir)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  });
});
