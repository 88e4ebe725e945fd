import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Header } from 'tar';
import { refusedByDisk } from './disk.ts';
import { unpack } from './unpack.ts';

/** An absolute path, which nothing may be written to. */
const OUTSIDE = join(tmpdir(), 'winnow-out');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-unpack-'));
});
afterEach(() => rm(dir, { recursive: true }));

const error = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message) as unknown,
});

/** A tar archive of these entries, as no honest packer would write it. */
function tar(
  ...entries: {
    path: string;
    type?: 'File' | 'SymbolicLink' | 'Link';
    linkpath?: string;
    data?: string;
  }[]
) {
  const blocks = entries.flatMap(({ path, type = 'File', linkpath, data = '' }) => {
    const header = new Header({ path, type, linkpath, size: data.length, mode: 0o644 } as object);
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    const body = Buffer.alloc(512 * Math.ceil(data.length / 512));
    body.write(data);
    return [block, body];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** A zip archive of stored entries; `mode` is that of Unix. */
function zip(
  ...entries: { path: string; data?: string; mode?: number; claimed?: number }[]
): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, data = '', mode = 0o100644, claimed = data.length } of entries) {
    const name = Buffer.from(path);
    const body = Buffer.from(data);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(body), 10);
    common.writeUInt32LE(claimed, 14);
    common.writeUInt32LE(claimed, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, body]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, tail, name);
    parts.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, directory, end]);
}

describe('unpack', () => {
  const MOST = { bytes: 1000, files: 5 };

  async function unpackBytes(
    packing: 'tar.gz' | 'zip',
    bytes: Uint8Array,
    most = MOST,
  ): Promise<string> {
    const archive = join(dir, `archive.${packing}`);
    await writeFile(archive, bytes);
    const target = join(dir, 'target');
    await unpack(archive, packing, target, most, new AbortController().signal);
    return target;
  }

  it.each([
    ['tar.gz', tar({ path: 'a/b.txt', data: 'hello' }, { path: 'c', data: 'x' })],
    [
      'zip',
      zip(
        { path: 'a/', mode: 0o040755 },
        { path: 'a/b.txt', data: 'hello' },
        { path: 'c', data: 'x' },
      ),
    ],
  ] as const)('takes files and folders out of a %s', async (packing, bytes) => {
    const target = await unpackBytes(packing, bytes);
    expect(readFileSync(join(target, 'a/b.txt'), 'utf8')).toBe('hello');
    expect(readFileSync(join(target, 'c'), 'utf8')).toBe('x');
  });

  const many = Array.from({ length: 6 }, (_, i) => ({ path: `${i}`, data: 'x' }));
  it.each([
    ['a path upwards', 'tar.gz', tar({ path: '../out', data: 'x' }), /would leave/],
    ['a path upwards inside', 'tar.gz', tar({ path: 'a/../../out', data: 'x' }), /would leave/],
    ['an absolute path', 'tar.gz', tar({ path: OUTSIDE, data: 'x' }), /would leave/],
    [
      'a link, then a file through it',
      'tar.gz',
      tar({ path: 'l', type: 'SymbolicLink', linkpath: '..' }, { path: 'l/out', data: 'x' }),
      /"l" is a SymbolicLink/,
    ],
    [
      'a hard link',
      'tar.gz',
      tar({ path: 'l', type: 'Link', linkpath: '/etc/passwd' }),
      /"l" is a Link/,
    ],
    [
      'too many bytes',
      'tar.gz',
      tar({ path: 'a', data: 'x'.repeat(1001) }),
      /more than 1000 bytes/,
    ],
    ['too many files', 'tar.gz', tar(...many), /more than 5 entries/],
    [
      'what is cut off',
      'tar.gz',
      tar({ path: 'a', data: 'hello' }).subarray(0, 60),
      /unexpected end/,
    ],
    ['no archive', 'tar.gz', Buffer.from('hello'.repeat(300)), /was not unpacked/],
    ['a path upwards', 'zip', zip({ path: '../out', data: 'x' }), /was not unpacked/],
    ['an absolute path', 'zip', zip({ path: OUTSIDE, data: 'x' }), /was not unpacked/],
    ['a backslash', 'zip', zip({ path: '..\\out', data: 'x' }), /was not unpacked/],
    ['a link', 'zip', zip({ path: 'l', data: '..', mode: 0o120777 }), /"l" is a SymbolicLink/],
    ['a file twice', 'zip', zip({ path: 'a', data: 'x' }, { path: 'a', data: 'y' }), /EEXIST/],
    ['too many bytes', 'zip', zip({ path: 'a', data: 'x'.repeat(1001) }), /more than 1000 bytes/],
    ['too many files', 'zip', zip(...many), /more than 5 entries/],
    [
      'what is cut off',
      'zip',
      zip({ path: 'a', data: 'hello' }).subarray(0, 60),
      /was not unpacked/,
    ],
  ] as [string, 'tar.gz' | 'zip', Buffer, RegExp][])(
    'refuses %s in a %s',
    async (_, packing, bytes, message) => {
      await expect(unpackBytes(packing, bytes)).rejects.toMatchObject(
        error('BAD_ARCHIVE', message),
      );
      expect(readdirSync(dir)).toEqual([`archive.${packing}`]);
      expect(existsSync(OUTSIDE)).toBe(false);
    },
  );

  it('leaves nothing of a long archive that is cut off', async () => {
    const data = 'x'.repeat(4000);
    const files = Array.from({ length: 400 }, (_, i) => ({ path: `a/${i % 20}/${i}`, data }));
    const bytes = tar(...files);
    const most = { bytes: 2 ** 22, files: 500 };
    for (let i = 0; i < 3; i++) {
      await expect(
        unpackBytes('tar.gz', bytes.subarray(0, bytes.length * 0.9), most),
      ).rejects.toMatchObject(error('BAD_ARCHIVE', /unexpected end/));
      expect(readdirSync(dir)).toEqual(['archive.tar.gz']);
    }
  });

  it.each([
    ['tar.gz', tar({ path: 'a', data: 'x' })],
    ['zip', zip({ path: 'a', data: 'x' })],
  ] as const)('stops at the next entry of a %s at Ctrl-C, and leaves nothing', async (...given) => {
    const [packing, bytes] = given;
    const archive = join(dir, 'archive');
    await writeFile(archive, bytes);
    const stopped = unpack(archive, packing, join(dir, 'target'), MOST, AbortSignal.abort());
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(dir)).toEqual(['archive']);
  });

  it('does not call an archive bad where the disk is full', () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    expect(refusedByDisk('/x', full)).toMatchObject(
      error('FILE_NOT_WRITABLE', /Cannot write \/x \(no space left/),
    );
    expect(refusedByDisk('/x', new Error('zlib: unexpected end of file'))).toBeUndefined();
  });

  it('does not write through a link that lies at the target', async () => {
    await mkdir(join(dir, 'elsewhere'));
    await symlink(join(dir, 'elsewhere'), join(dir, 'target'));
    await unpackBytes('tar.gz', tar({ path: 'a', data: 'x' }));
    expect(readdirSync(join(dir, 'elsewhere'))).toEqual([]);
  });
});
