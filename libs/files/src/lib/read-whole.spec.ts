import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
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
    await writeFile(join(dir, 'large'), 'é'.repeat(50_000));
    const large = await readIfThere(join(dir, 'large'));
    expect([large!.length, large!.at(-2), large!.at(-1)]).toEqual([100_000, 0xc3, 0xa9]);
  });

  it('tells one that is absent from one that cannot be read', async () => {
    for (const absent of [join(dir, 'none'), join(dir, 'file', 'below')]) {
      expect(await readIfThere(absent)).toBeUndefined();
      await expect(readWhole(absent)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
    }
    await expect(readIfThere(dir)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  });

  it('waits for no pipe that lies in the place of a file, and follows links to files', async () => {
    const [pipe, link] = [join(dir, 'pipe'), join(dir, 'link')];
    spawnSync('mkfifo', [pipe]);
    await expect(readIfThere(pipe)).rejects.toMatchObject({
      code: 'FILE_NOT_READABLE',
      sentence: `Cannot read ${pipe} (it is a pipe, and no regular file).`,
    });
    await symlink('file', link);
    expect(await readIfThere(link)).toHaveLength(2);
  });
});
