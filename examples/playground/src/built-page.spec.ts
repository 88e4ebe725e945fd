import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from '@jest/globals';

const PLAYGROUND = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(PLAYGROUND, 'dist');
const VITE = join(
  dirname(createRequire(import.meta.url).resolve('vite/package.json')),
  'bin/vite.js',
);
/** Of the page without its editor; `check-playground.mjs` holds what a browser loads at first to 450 kB. */
const MOST_BYTES = 480_000;
/** What is loaded when a visitor asks for it. */
const LATER = /checker\.worker|objective-editor|plugin-zip|compiled-objective|zip-graph-model/;

beforeAll(async () => {
  const env = { ...process.env, NODE_OPTIONS: '', NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, [VITE, 'build'], { cwd: PLAYGROUND, env });
}, 180_000);

it('is small, but for what is loaded when it is asked for', async () => {
  const files = await readdir(DIST, { recursive: true, withFileTypes: true });
  const first = files.filter((file) => file.isFile() && !LATER.test(file.name));
  expect(files.length - first.length).toBeGreaterThan(5);
  let bytes = 0;
  for (const { parentPath, name } of first) {
    const content = await readFile(join(parentPath, name));
    bytes += name.endsWith('.gz') ? content.length : gzipSync(content, { level: 9 }).length;
  }
  expect(bytes).toBeLessThan(MOST_BYTES);
});

it('is held by its own policy to its own server, and lies in any folder', async () => {
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)![1]!;
  const sources = policy.split(';').flatMap((rule) => rule.trim().split(' ').slice(1));
  const own = ["'none'", "'self'", "'wasm-unsafe-eval'", "'unsafe-inline'", 'data:'];
  expect(sources.filter((source) => !own.includes(source))).toEqual([]);
  expect(policy).toMatch(/^default-src 'none'; /);
  const asked = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
  expect(asked.length).toBeGreaterThan(2);
  for (const address of asked) expect(address).toMatch(/^(\.\/assets\/|data:,$)/);
});

it('has the look of all pages', async () => {
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  expect(html).toContain('--series-1: #0072b2');
  expect(html).toContain('prefers-color-scheme: dark');
});

it('gives its editor the types of what an objective may import', async () => {
  const names = await readdir(join(DIST, 'assets'));
  const checker = names.find((name) => name.startsWith('checker.worker'))!;
  const code = await readFile(join(DIST, 'assets', checker), 'utf8');
  for (const path of [
    '/lib.es5.d.ts',
    '/node_modules/@tensorflow/tfjs-core/dist/index.d.ts',
    '/node_modules/@winnow/plugin-api/dist/index.d.ts',
    '/node_modules/@winnow/tensor-backend/dist/index.d.ts',
  ])
    expect(code).toContain(path);
});
