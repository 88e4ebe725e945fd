import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { run } from '../run.ts';
import { interruptionBy } from '../terminal/interruption.ts';
import { memoryConsole } from '../terminal/memory-console.ts';
import { runWinnow } from '../testing/run-winnow.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-watch-'));
  await writeFile(join(dir, 'study.yaml'), 'base: { dataset: digits }\nruns: rows\n');
});
afterAll(() => rm(dir, { recursive: true }));

it('serves the runs of a study, which has yet to begin, until it is stopped', async () => {
  const [console, stop] = [memoryConsole(), new AbortController()];
  const services = { console, progress: false, interruption: interruptionBy(stop) };
  const ended = run(['watch', join(dir, 'study.yaml'), '--port', '0'], services);
  let address: string | undefined;
  while (!address) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    [address] = /http:\S+/.exec(console.written.out) ?? [];
  }
  const html = await (await fetch(address)).text();
  expect(html).toContain('<title>study.yaml</title>');
  expect(html).toContain('No run has begun.');
  stop.abort();
  expect(await ended).toBe(0);
  await expect(fetch(address)).rejects.toThrow();
});

it.each([
  ['a folder that is not there', ['nowhere'], /FILE_NOT_READABLE.*nowhere/],
  ['a port that is none', ['.', '--port', '70000'], /--port.*65535/],
])('refuses %s', async (_, words, problem) => {
  const { status, stdout, stderr } = await runWinnow('watch', ...words);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(problem);
});
