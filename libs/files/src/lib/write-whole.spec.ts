import { spawnSync } from 'node:child_process';
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertWritable, writeWhole } from './write-whole.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-write-whole-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('writeWhole', () => {
  it('makes the folder, replaces the file and writes views alone', async () => {
    const path = join(dir, 'a', 'b', 'file');
    await writeWhole(path, 'a longer text');
    await writeWhole(path, 'é');
    expect(await readFile(path, 'utf8')).toBe('é');
    // A user's own.
    await writeFile(`${path}.partial`, 'x');
    await writeWhole(path, Uint8Array.of(1, 2, 3, 4).subarray(1, 3));
    expect([...(await readFile(path))]).toEqual([2, 3]);
    expect((await readdir(join(dir, 'a', 'b'))).sort()).toEqual(['file', 'file.partial']);
  });

  it('never shows a reader half a file', async () => {
    const path = join(dir, 'file');
    const size = 1 << 20;
    await writeWhole(path, new Uint8Array(size));
    let writing = true;
    const writes = (async () => {
      for (let n = 1; n <= 10; n++) await writeWhole(path, new Uint8Array(size).fill(n));
      writing = false;
    })();
    while (writing) {
      const bytes = await readFile(path);
      expect(bytes.length).toBe(size);
      expect(bytes.equals(Buffer.alloc(size, bytes[0]))).toBe(true);
    }
    await writes;
  });

  it('is done by several at once, of which the last has the file', async () => {
    const path = join(dir, 'file');
    const texts = Array.from({ length: 8 }, (_, i) => `${i}`.repeat(100_000));
    await Promise.all([...texts.map((text) => writeWhole(path, text)), assertWritable(path)]);
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(dir)).toEqual(['file']);
  });

  it('removes what a kill left behind, and not what another is writing', async () => {
    const [path, other] = [join(dir, 'file'), join(dir, 'other')];
    await writeFile(other, 'precious');
    const now = Date.now() / 1000;
    for (const [name, hours] of [
      ['file.winnow.partial', 2],
      ['file.0a1b.winnow.partial', 2],
      ['file.2c3d.winnow.partial', 0.5],
    ] as const) {
      await writeFile(join(dir, name), 'half');
      await utimes(join(dir, name), now, now - 3600 * hours);
    }
    await symlink(other, join(dir, 'file.4e5f.winnow.partial'));
    await utimes(other, now, now - 7200);
    await writeWhole(path, 'new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readFile(other, 'utf8')).toBe('precious');
    expect((await readdir(dir)).sort()).toEqual(['file', 'file.2c3d.winnow.partial', 'other']);
  });

  const onPosix = process.platform === 'win32' ? it.skip : it;
  onPosix('takes the place of no pipe and no device, a link to one included', async () => {
    const [pipe, link, output] = ['pipe', 'link', 'output'].map((name) => join(dir, name));
    spawnSync('mkfifo', [pipe!]);
    await symlink('/dev/null', link!);
    // As /dev/stdout is, whatever that goes to.
    await symlink('/proc/self/fd/1', output!);
    for (const [path, kind] of [
      [pipe, 'a pipe'],
      [link, 'a device'],
      [output, 'a '],
    ] as const) {
      const refused = {
        code: 'FILE_NOT_WRITABLE',
        message: expect.stringContaining(`it is ${kind}`),
      };
      await expect(writeWhole(path!, 'new')).rejects.toMatchObject(refused);
      await expect(assertWritable(path!)).rejects.toMatchObject(refused);
    }
    expect((await lstat(pipe!)).isFIFO()).toBe(true);
    expect((await readdir(dir)).sort()).toEqual(['link', 'output', 'pipe']);
  });

  it('leaves everything as it was when it cannot write', async () => {
    await mkdir(join(dir, 'folder'));
    await writeFile(join(dir, 'file'), 'old');
    for (const path of [join(dir, 'folder'), join(dir, 'file', 'below')]) {
      await expect(writeWhole(path, 'new')).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
      await expect(assertWritable(path)).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    }
    await assertWritable(join(dir, 'file'));
    await assertWritable(join(dir, 'another'));
    expect((await readdir(dir)).sort()).toEqual(['file', 'folder']);
    expect(await readFile(join(dir, 'file'), 'utf8')).toBe('old');
  });
});
