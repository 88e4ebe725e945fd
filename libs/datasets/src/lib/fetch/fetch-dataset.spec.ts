import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from 'tar';
import { gzipSync } from 'node:zlib';
import type { RemoteDataset } from './catalogue.ts';
import { checkChecksums } from './checksum-list.ts';
import { fetchDataset, remoteDataset } from './fetch-dataset.ts';

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
  name: 'made-up',
  title: 'Made up',
  folder: 'made-up',
  from: 'http://127.0.0.1:1/',
  files: [{ name: 'file.gz', md5: md5(FILE) }],
  most: { bytes: 2 ** 20, files: 10 },
  ...more,
});

const fetchIt = (dataset = remote(), signal = new AbortController().signal, dataDir = dir) =>
  fetchDataset(dataset, { dataDir, from, pauseMs: 1, signal, onProgress: () => {} });

const error = (code: string, message: RegExp) => ({
  code,
  message: expect.stringMatching(message) as unknown,
});

// What a broken connection brought may lack its last bytes.
const LATER = expect.stringMatching(/^bytes=[1-9]\d*-$/) as unknown;

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
    else response.write(part.subarray(0, most), () => setTimeout(() => response.destroy(), 100));
  };
}

describe('fetchDataset', () => {
  it('downloads, checks, and lists checksums; a second time there is nothing to do', async () => {
    answer = serve(FILE);
    const folder = join(dir, 'made-up');
    expect(await fetchIt()).toEqual({ folder, alreadyThere: false });
    expect(readFileSync(join(folder, 'file.gz')).equals(FILE)).toBe(true);
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
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(asked.slice(0, 3)).toEqual([undefined, LATER, LATER]);
    expect(readFileSync(join(dir, 'made-up/file.gz')).equals(FILE)).toBe(true);
  });

  it('begins again where the server ignores ranges', async () => {
    const whole = serve(FILE, { ranges: false });
    const cut = serve(FILE, { ranges: false, most: 70_000 });
    answer = (...exchange) => (asked.length === 1 ? cut : whole)(...exchange);
    await fetchIt();
    expect(asked).toEqual([undefined, LATER]);
    expect(readFileSync(join(dir, 'made-up/file.gz')).equals(FILE)).toBe(true);
  });

  it.each(['"2"', ''])('begins again where the file has changed (version %s)', async (etag) => {
    const old = serve(Buffer.alloc(FILE.length, 1), { most: 70_000, etag: etag && '"1"' });
    answer = (...exchange) => (asked.length === 1 ? old : () => exchange[1].destroy())(...exchange);
    await expect(fetchIt()).rejects.toMatchObject(error('FETCH_FAILED', /Cannot download/));
    answer = serve(FILE, { etag });
    await fetchIt();
    expect(readFileSync(join(dir, 'made-up/file.gz')).equals(FILE)).toBe(true);
  });

  it('keeps what has come at Ctrl-C', async () => {
    const controller = new AbortController();
    answer = (request, response) => {
      response.writeHead(200, { etag: '"1"', 'content-length': FILE.length });
      response.write(FILE.subarray(0, 70_000), () => setTimeout(() => controller.abort(), 150));
    };
    await expect(fetchIt(remote(), controller.signal)).rejects.toMatchObject(
      error('INTERRUPTED', /kept/),
    );
    answer = serve(FILE);
    await fetchIt();
    expect(asked).toEqual([undefined, LATER]);
    expect(existsSync(join(dir, 'made-up'))).toBe(true);
  });

  it.each([
    ['a missing file', (_, response) => response.writeHead(404).end(), 'FETCH_FAILED', /404/],
    ['other contents', serve(Buffer.from('others')), 'BAD_CHECKSUM', /has MD5 [0-9a-f]{32} where/],
    ['more than expected', serve(Buffer.alloc(2 ** 21)), 'FETCH_FAILED', /larger than 1048576/],
  ] as [string, Answer, string, RegExp][])('refuses %s', async (_, bad, code, message) => {
    answer = bad;
    await expect(fetchIt()).rejects.toMatchObject(error(code, message));
    expect(readdirSync(dir)).toEqual(['made-up.arriving']);
    expect(readdirSync(join(dir, 'made-up.arriving'))).toEqual([]);
  });

  it('refuses a second one at a time', async () => {
    const whole = serve(FILE);
    let second: Promise<unknown> | undefined;
    answer = (...exchange) => {
      second ??= fetchIt().catch((refused: unknown) => refused);
      void second.then(() => whole(...exchange));
    };
    await fetchIt();
    expect(await second).toMatchObject(
      error('FETCH_RUNNING', /Made up is being fetched to .* already by process \d+/),
    );
    expect([asked.length, readdirSync(dir)]).toEqual([1, ['made-up']]);
  });

  it('gives up on a server that is not there', async () => {
    answer = (_, response) => response.writeHead(503).end();
    await expect(fetchIt()).rejects.toMatchObject(error('FETCH_FAILED', /503/));
    expect(asked).toHaveLength(5);
  });

  /** An archive of made-up/sub/a.txt, its bytes served; what it was made of stays in `in` and `packed`. */
  async function packed() {
    await mkdir(join(dir, 'in/made-up/sub'), { recursive: true });
    await writeFile(join(dir, 'in/made-up/sub/a.txt'), 'a');
    const path = join(dir, 'packed');
    await create({ file: path, gzip: true, cwd: join(dir, 'in') }, ['made-up']);
    const archive = readFileSync(path);
    answer = serve(archive);
    return { archive, files: [{ name: 'x.tar.gz', md5: md5(archive) }] };
  }

  it('unpacks an archive to its folder, and removes it', async () => {
    const { files } = await packed();
    await fetchIt(remote({ files, packing: 'tar.gz' }));
    expect(readFileSync(join(dir, 'made-up/sub/a.txt'), 'utf8')).toBe('a');
    expect(readdirSync(dir).sort()).toEqual(['in', 'made-up', 'packed']);
    const other = remote({ folder: 'other', files, packing: 'tar.gz' });
    await expect(fetchIt(other)).rejects.toMatchObject(error('BAD_ARCHIVE', /no folder other/));
    expect(existsSync(join(dir, 'other'))).toBe(false);
  });

  it.each([true, false])(
    "leaves the user's own archive alone (the right one: %s)",
    async (right) => {
      const { archive, files } = await packed();
      const own = right ? archive : Buffer.from('mine');
      await writeFile(join(dir, 'x.tar.gz'), own);
      await fetchIt(remote({ files, packing: 'tar.gz' }));
      expect(asked).toHaveLength(right ? 0 : 1);
      expect(readFileSync(join(dir, 'x.tar.gz')).equals(own)).toBe(true);
      expect(readdirSync(dir).sort()).toEqual(['in', 'made-up', 'packed', 'x.tar.gz']);
    },
  );

  it('stops after downloading at Ctrl-C, and does not download again', async () => {
    const { files } = await packed();
    const dataset = remote({ files, packing: 'tar.gz' });
    const controller = new AbortController();
    // Unpacking asks this at each entry, so Ctrl-C falls between the first and the listing of checksums.
    controller.signal.throwIfAborted = () => controller.abort();
    await expect(fetchIt(dataset, controller.signal)).rejects.toMatchObject(
      error('INTERRUPTED', /kept/),
    );
    expect(readdirSync(dir).sort()).toEqual(['in', 'packed', 'x.tar.gz.fetched']);
    await fetchIt(dataset);
    expect(asked).toHaveLength(1);
    expect(readdirSync(dir).sort()).toEqual(['in', 'made-up', 'packed']);
  });

  it('does not take an empty folder or a file for the data set', async () => {
    answer = serve(FILE);
    const folder = join(dir, 'made-up');
    const taken = error('DATA_NOT_FOUND', /made-up exists, but is not Made up/);
    await writeFile(folder, '');
    await expect(fetchIt()).rejects.toMatchObject(taken);
    await rm(folder);
    await mkdir(folder);
    await expect(fetchIt()).rejects.toMatchObject(taken);
    await writeFile(join(folder, 'file'), 'unpacked by its user');
    expect((await fetchIt()).alreadyThere).toBe(true);
    expect(asked).toHaveLength(0);
  });

  it.each(['file', 'file/x'])('says that it cannot write into %s', async (name) => {
    await writeFile(join(dir, 'file'), '');
    await expect(fetchIt(remote(), undefined, join(dir, name))).rejects.toMatchObject(
      error('FILE_NOT_WRITABLE', /Cannot write .*file/),
    );
  });

  it.each(['nourl', 'ftp://example.org/'])('refuses --from %s at once', async (address) => {
    from = address;
    await expect(fetchIt(remote(), undefined, join(dir, 'new'))).rejects.toMatchObject(
      error('INVALID_OPTION', /is no http or https address/),
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  it('refuses what a server has coded on the way', async () => {
    answer = (_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(FILE));
    await expect(fetchIt()).rejects.toMatchObject(
      error('FETCH_FAILED', /with Content-Encoding "gzip"/),
    );
    expect(asked).toHaveLength(1);
  });

  it('says how to come by what cannot be fetched', () => {
    expect(() => remoteDataset('imagenet')).toThrow(/account at https:\/\/image-net\.org/);
    expect(() => remoteDataset('nothing')).toThrow(/These can: mnist/);
    expect(remoteDataset('cifar10').files[0]!.name).toBe('cifar-10-binary.tar.gz');
  });
});
