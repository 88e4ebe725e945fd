import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Header, create } from 'tar';
import { gzipSync, crc32 } from 'node:zlib';
import type { RemoteDataset } from './catalogue.ts';
import { checkChecksums } from './checksum-list.ts';
import { fetchDataset, remoteDataset } from './fetch-dataset.ts';
import { unpack } from './unpack.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let dir: string;
let server: Server;
let from: string;
let answer: Answer;
const asked: (string | undefined)[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-fetch-'));
  asked.length = 0;
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, i) => (i * i) % 251));

const remote = (more: Partial<RemoteDataset> = {}): RemoteDataset => ({
  ...{ name: 'made-up', title: 'Made up', folder: 'made-up', from: 'http://127.0.0.1:1/' },
  files: [{ name: 'file.gz', md5: md5(FILE) }],
  most: { bytes: 2 ** 20, files: 10 },
  ...more,
});

const fetchIt = (dataset = remote(), signal = new AbortController().signal) =>
  fetchDataset(dataset, { dataDir: dir, from, pauseMs: 1, signal, onProgress: () => {} });

const error = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message) as unknown,
});

/** Serves `bytes` with ranges, and ends each answer but a later one after `most` bytes. */
function serve(bytes: Buffer, { most = Infinity, etag = '"1"', ranges = true } = {}): Answer {
  return ({ headers }, response) => {
    const start = /^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1];
    const resumes =
      ranges && start !== undefined && [undefined, etag].includes(headers['if-range'] as string);
    const part = bytes.subarray(resumes ? Number(start) : 0);
    response.writeHead(resumes ? 206 : 200, {
      etag,
      'content-length': part.length,
      ...(resumes ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (part.length <= most) response.end(part);
    else response.write(part.subarray(0, most), () => setTimeout(() => response.destroy(), 20));
  };
}

describe('fetchDataset', () => {
  it('downloads, checks, and lists checksums; a second time there is nothing to do', async () => {
    answer = serve(FILE);
    const folder = join(dir, 'made-up');
    expect(await fetchIt()).toEqual({ folder, alreadyThere: false });
    expect(readFileSync(join(folder, 'file.gz'))).toEqual(FILE);
    expect(readdirSync(folder).sort()).toEqual(['SHA256SUMS', 'file.gz']);
    expect(await checkChecksums(folder)).toEqual({ files: 1, problems: [] });
    expect((await fetchIt()).alreadyThere).toBe(true);
    expect(asked).toHaveLength(1);
    await writeFile(join(folder, 'file.gz'), 'changed');
    expect((await checkChecksums(folder))!.problems).toEqual([
      expect.stringMatching(/file\.gz is not as in/),
    ]);
  });

  it('goes on where a server dropped the connection', async () => {
    answer = serve(FILE, { most: 70_000 });
    await fetchIt();
    expect(asked).toEqual([undefined, 'bytes=70000-', 'bytes=140000-']);
    expect(readFileSync(join(dir, 'made-up/file.gz'))).toEqual(FILE);
  });

  it('begins again where the server ignores ranges', async () => {
    const whole = serve(FILE, { ranges: false });
    const cut = serve(FILE, { ranges: false, most: 70_000 });
    answer = (...exchange) => (asked.length === 1 ? cut : whole)(...exchange);
    await fetchIt();
    expect(asked).toEqual([undefined, 'bytes=70000-']);
    expect(readFileSync(join(dir, 'made-up/file.gz'))).toEqual(FILE);
  });

  it.each(['"2"', ''])('begins again where the file has changed (version %s)', async (etag) => {
    const old = serve(Buffer.alloc(FILE.length, 1), { most: 70_000, etag: etag && '"1"' });
    answer = (...exchange) => (asked.length === 1 ? old : () => exchange[1].destroy())(...exchange);
    await expect(fetchIt()).rejects.toMatchObject(error('FETCH_FAILED', /Cannot download/));
    answer = serve(FILE, { etag });
    await fetchIt();
    expect(readFileSync(join(dir, 'made-up/file.gz'))).toEqual(FILE);
  });

  it('keeps what has come at Ctrl-C', async () => {
    const controller = new AbortController();
    answer = (request, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': FILE.length });
      response.write(FILE.subarray(0, 70_000), () => setTimeout(() => controller.abort(), 50));
    };
    await expect(fetchIt(remote(), controller.signal)).rejects.toMatchObject(
      error('INTERRUPTED', /kept/),
    );
    answer = serve(FILE);
    await fetchIt();
    expect(asked).toEqual([undefined, 'bytes=70000-']);
    expect(existsSync(join(dir, 'made-up'))).toBe(true);
  });

  it.each([
    ['a missing file', (_, response) => response.writeHead(404).end(), 'FETCH_FAILED', /404/],
    ['other contents', serve(Buffer.from('others')), 'BAD_CHECKSUM', /has MD5 [0-9a-f]{32} where/],
    ['more than expected', serve(Buffer.alloc(2 ** 21)), 'FETCH_FAILED', /larger than 1048576/],
  ] as [string, Answer, string, RegExp][])('refuses %s', async (_, bad, code, message) => {
    answer = bad;
    await expect(fetchIt()).rejects.toMatchObject(error(code, message));
    expect(existsSync(join(dir, 'made-up'))).toBe(false);
  });

  it('gives up on a server that is not there', async () => {
    answer = (_, response) => response.writeHead(503).end();
    await expect(fetchIt()).rejects.toMatchObject(error('FETCH_FAILED', /503/));
    expect(asked).toHaveLength(5);
  });

  it('unpacks an archive to its folder, and removes it', async () => {
    await mkdir(join(dir, 'in/made-up/sub'), { recursive: true });
    await writeFile(join(dir, 'in/made-up/sub/a.txt'), 'a');
    const path = join(dir, 'packed');
    await create({ file: path, gzip: true, cwd: join(dir, 'in') }, ['made-up']);
    const archive = readFileSync(path);
    answer = serve(archive);
    const files = [{ name: 'x.tar.gz', md5: md5(archive) }];
    await fetchIt(remote({ files, packing: 'tar.gz' }));
    expect(readFileSync(join(dir, 'made-up/sub/a.txt'), 'utf8')).toBe('a');
    expect(readdirSync(dir).sort()).toEqual(['in', 'made-up', 'packed']);
    const other = remote({ folder: 'other', files, packing: 'tar.gz' });
    await expect(fetchIt(other)).rejects.toMatchObject(error('BAD_ARCHIVE', /no folder other/));
    expect(existsSync(join(dir, 'other'))).toBe(false);
  });

  it('says how to come by what cannot be fetched', () => {
    expect(() => remoteDataset('imagenet')).toThrow(/account at https:\/\/image-net\.org/);
    expect(() => remoteDataset('nothing')).toThrow(/These can: mnist/);
    expect(remoteDataset('cifar10').files[0]!.name).toBe('cifar-10-binary.tar.gz');
  });
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

  async function unpackBytes(packing: 'tar.gz' | 'zip', bytes: Uint8Array): Promise<string> {
    const archive = join(dir, `archive.${packing}`);
    await writeFile(archive, bytes);
    const target = join(dir, 'target');
    await unpack(archive, packing, target, MOST);
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
    ['an absolute path', 'tar.gz', tar({ path: '/tmp/winnow-out', data: 'x' }), /would leave/],
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
    ['an absolute path', 'zip', zip({ path: '/tmp/winnow-out', data: 'x' }), /was not unpacked/],
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
      expect(existsSync('/tmp/winnow-out')).toBe(false);
    },
  );

  it('does not write through a link that lies at the target', async () => {
    await mkdir(join(dir, 'elsewhere'));
    await symlink(join(dir, 'elsewhere'), join(dir, 'target'));
    await unpackBytes('tar.gz', tar({ path: 'a', data: 'x' }));
    expect(readdirSync(join(dir, 'elsewhere'))).toEqual([]);
  });
});
