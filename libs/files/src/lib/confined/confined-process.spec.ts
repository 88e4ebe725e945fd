import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfinedProcess, compiledBeside } from './confined-process.ts';
import { LimitReached } from './limits.ts';

const LIMITS = { memory: 2 ** 28, seconds: 30 };
const COMPILED = new URL('../../../dist/confined.js', import.meta.url).href;

let folder: string;
let entry: URL;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-confined-'));
  const path = join(folder, 'reader.mjs');
  await writeFile(
    path,
    `import { serveConfined } from ${JSON.stringify(COMPILED)};
    let asked = 0;
    serveConfined({
      async *count(to) { asked++; for (let i = 0; i < to; i++) yield i; },
      async *asked() { yield asked; },
      async *bytes(length) { yield new Uint8Array(length).fill(7); },
      async *fail(message) { yield 1; throw new Error(message); },
      async *vain() { void Promise.reject(new Error('two at once')); await new Promise(() => {}); },
      async *hang() { for (;;); },
      async *swell() { for (const all = [];;) all.push(new Uint8Array(2 ** 24).fill(1)); },
      async *list() { const all = []; for (;;) all[all.length] = 1; },
      async *crash() { process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {}); },
    });`,
  );
  entry = pathToFileURL(path);
});
afterAll(() => rm(folder, { recursive: true }));

describe('a confined process', () => {
  it('answers one question after another, in parts and whole', async () => {
    const reader = new ConfinedProcess(entry);
    const answers = [3, 0, 2].map((to) => reader.ask('count', to, LIMITS));
    expect(await Promise.all(answers)).toEqual([[0, 1, 2], [], [0, 1]]);
    const [bytes] = (await reader.ask('bytes', 10_000_000, LIMITS)) as [Uint8Array];
    expect([bytes.length, bytes.every((byte) => byte === 7)]).toEqual([10_000_000, true]);
    expect(await reader.ask('asked', undefined, LIMITS)).toEqual([3]);
  });

  it.each([
    ['hang', { ...LIMITS, seconds: 0.3 }, /more than 0 s of processor time/],
    ['swell', LIMITS, /more than 256 MiB of memory/],
    ['list', { memory: 2 ** 40, seconds: 60 }, /more than 2048 MiB of memory for its values/],
  ])('ends where %s takes more than it may', async (method, limits, message) => {
    const reader = new ConfinedProcess(entry);
    const attempt = reader.ask(method, undefined, limits);
    await expect(attempt).rejects.toBeInstanceOf(LimitReached);
    await expect(attempt).rejects.toThrow(message);
    expect(await reader.ask('count', 1, LIMITS)).toEqual([0]);
  });

  it.each([
    ['fail', 'no such page', /^no such page$/],
    ['vain', undefined, /^two at once$/],
    ['crash', undefined, /^its reader ended with SIGSEGV$/],
  ])('says why there is no answer: %s', async (method, argument, message) => {
    const reader = new ConfinedProcess(entry);
    const attempt = reader.ask(method, argument, LIMITS);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.not.toBeInstanceOf(LimitReached);
    // What failed is not asked again, for nobody knows what it left.
    expect(await reader.ask('asked', undefined, LIMITS)).toEqual([0]);
  });

  it('rejects where there is nothing to start', async () => {
    const reader = new ConfinedProcess(pathToFileURL(join(folder, 'gone.mjs')));
    await expect(reader.ask('count', 1, LIMITS)).rejects.toThrow('gone.mjs is not there');
  });

  it('keeps nobody from exiting, and ends with who asked', async () => {
    const script = `
      import { ConfinedProcess } from ${JSON.stringify(COMPILED)};
      const reader = new ConfinedProcess(new URL(${JSON.stringify(entry.href)}));
      console.log(JSON.stringify(await reader.ask('count', 2, ${JSON.stringify(LIMITS)})));
    `;
    const asker = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    // The pipes of its output close only when the last process that has them is gone.
    expect((await asker).stdout).toBe('[0,1]\n');
  });
});

it('finds what is compiled beside sources, and beside what is compiled', () => {
  const beside = (url: string) => compiledBeside('./x.js', url).href;
  expect(beside('file:///a/src/libs/b/src/lib/c.ts')).toBe('file:///a/src/libs/b/dist/lib/x.js');
  expect(beside('file:///a/src/libs/b/dist/lib/c.js')).toBe('file:///a/src/libs/b/dist/lib/x.js');
});
