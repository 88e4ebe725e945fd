import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readSafetensors } from '@winnow/files/disk';
import { svgToPng } from '@winnow/report';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-data-'));
  for (const [label, name] of ['ant', 'bee'].entries()) {
    await mkdir(join(dir, 'photos', name), { recursive: true });
    for (let i = 0; i < 20; i++) {
      const fill = `rgb(${12 * i}, ${200 * label}, 0)`;
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><rect width="32" height="32" fill="${fill}"/></svg>`;
      await writeFile(join(dir, 'photos', name, `${i}.png`), await svgToPng(svg, { width: 32 }));
    }
  }
});
afterAll(() => rm(dir, { recursive: true }));

describe('winnow data verify', () => {
  it('counts the images of each class', async () => {
    const { status, stdout } = await runWinnow('data', 'verify', join(dir, 'photos'), '--json');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      dataset: 'image-folder',
      images: 40,
      checksummedFiles: 0,
      problems: [],
      classes: [
        { name: 'ant', images: [17, 1, 2] },
        { name: 'bee', images: [16, 2, 2] },
      ],
    });
  });

  it('compares with SHA256SUMS of the folder in --data-dir', async () => {
    const list = join(dir, 'photos/SHA256SUMS');
    await writeFile(list, `${'0'.repeat(64)}  ant/0.png\n`);
    const { status, stderr } = await runWinnow(
      ...['data', 'verify', 'image-folder', '--data-dir', join(dir, 'photos')],
    );
    await rm(list);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error \[BAD_DATA\]: .*photos has 1 problem: .*0\.png is not as in/);
  });

  it('names every bad image and ends with 1', async () => {
    for (const name of ['bad1.png', 'bad2.png'])
      await writeFile(join(dir, 'photos/ant', name), 'x');
    const { status, stdout, stderr } = await runWinnow('data', 'verify', join(dir, 'photos'));
    for (const name of ['bad1.png', 'bad2.png']) await rm(join(dir, 'photos/ant', name));
    expect(status).toBe(1);
    expect(stdout).toMatch(/│ ant +│ +18 │ +2 │ +2 │/);
    expect(stdout).toMatch(/Cannot decode .*bad1\.png[^]*Cannot decode .*bad2\.png/);
    expect(stderr).toMatch(/^error \[BAD_DATA\]: .*photos has 2 problems: .*bad1\.png/);
  });
});

it('winnow data bench tells rate and memory of each epoch', async () => {
  const dataset = `image-folder:${join(dir, 'photos')}`;
  const { status, stdout } = await runWinnow(
    ...['data', 'bench', '--dataset', dataset, '--epochs', '2', '--batch-size', '8', '--json'],
  );
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    dataset: 'image-folder',
    images: 33,
    batchSize: 8,
    epochs: 2,
    perEpoch: [{}, {}],
  });
});

it('winnow run trains on images from a folder, and records what normalises them', async () => {
  const out = join(dir, 'run');
  const { status, stdout, stderr } = await runWinnow(
    ...['run', '--dataset', `image-folder:${join(dir, 'photos')}`, '--model', 'resnet8'],
    ...['--method', 'magnitude', '--density', '0.1', '--epochs', '2', '--batch-size', '16'],
    ...['--out', out, '--json'],
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect(JSON.parse(stdout)).toMatchObject({ dataset: 'image-folder', testExamples: 4 });
  const config = JSON.parse(await readFile(join(out, 'config.json'), 'utf8')) as {
    dataset: { normalization: { mean: number[] } };
    input: unknown;
  };
  expect(config.input).toEqual({ height: 32, width: 32, channels: 3 });
  expect(config.dataset.normalization.mean).toHaveLength(3);
});

it('winnow export says what a run was told to normalise by', async () => {
  const out = join(dir, 'told');
  const { status, stderr } = await runWinnow(
    ...['run', '--dataset', `image-folder:${join(dir, 'photos')}`, '--model', 'resnet8'],
    ...['--method', 'dense', '--epochs', '1', '--batch-size', '16', '--out', out],
    ...['--mean', '0.5,0.4,0.6', '--std', '0.2,0.2,1'],
  );
  expect({ status, stderr }).toMatchObject({ status: 0 });
  expect((await runWinnow('export', out, '--format', 'safetensors')).status).toBe(0);
  const { metadata } = await readSafetensors(join(out, 'export/model.safetensors'));
  const told: unknown = JSON.parse(metadata['normalization']!);
  expect(told).toEqual({ mean: [127.5, 102, 153], std: [51, 51, 255] });
});

describe('winnow data fetch', () => {
  it('says where ImageNet is to be had', async () => {
    const { status, stderr } = await runWinnow('data', 'fetch', 'imagenet');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error \[NOT_FETCHABLE\]: .*account at https:\/\/image-net\.org/);
  });

  it('keeps what has come at Ctrl-C, and ends with 130', async () => {
    const sent = 50_000;
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 2 * sent });
      response.write(Buffer.alloc(sent));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dataDir = join(dir, 'data');
    const partial = join(dataDir, 'cifar-10-binary.tar.gz.fetched.partial');
    const entry = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
    const args = [entry, 'data', 'fetch', 'cifar10', '--data-dir', dataDir, '--from', from];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
    while (!existsSync(partial) || statSync(partial).size < sent) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(statSync(partial).size).toBe(sent);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
