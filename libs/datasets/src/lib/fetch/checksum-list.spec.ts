import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkChecksums } from './checksum-list.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-sums-'));
});
afterEach(() => rm(dir, { recursive: true }));

/** SHA-256 of "abc" (FIPS 180-2, appendix B.1). */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

describe('checkChecksums', () => {
  it.each(['\n', '\r\n'])('reads a list whose lines end in %j', async (end) => {
    await writeFile(join(dir, 'a'), 'abc');
    await mkdir(join(dir, 'folder'));
    const lines = [`${ABC}  a`, `${ABC} *b`, `${ABC}  folder`, ''];
    await writeFile(join(dir, 'SHA256SUMS'), lines.join(end));
    expect(await checkChecksums(dir)).toEqual({
      files: 3,
      problems: [`${join(dir, 'b')} is missing`, `${join(dir, 'folder')} is missing`],
    });
  });

  const onLinux = process.platform === 'linux' ? it : it.skip;
  onLinux('names a file that cannot be read, and looks at the others', async () => {
    // A file whose first page is nowhere.
    await symlink('/proc/self/mem', join(dir, 'a'));
    await writeFile(join(dir, 'b'), 'abd');
    await writeFile(join(dir, 'SHA256SUMS'), `${ABC}  a\n${ABC}  b\n`);
    expect((await checkChecksums(dir))!.problems).toEqual([
      expect.stringMatching(/\/a cannot be read \(EIO/),
      expect.stringMatching(/\/b is not as in/),
    ]);
  });

  it('does not take a list that cannot be read for none', async () => {
    expect(await checkChecksums(dir)).toBeUndefined();
    await mkdir(join(dir, 'SHA256SUMS'));
    await expect(checkChecksums(dir)).rejects.toMatchObject({ code: 'FILE_NOT_READABLE' });
  });
});
