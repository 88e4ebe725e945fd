import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { memoryConsole } from '../terminal/memory-console.ts';
import { loadPlugins } from './load-plugins.ts';

let from: string;
beforeEach(async () => {
  from = await mkdtemp(join(tmpdir(), 'winnow-waits-'));
});
afterEach(async () => {
  jest.useRealTimers();
  await rm(from, { recursive: true });
});

it('notes after ten seconds that a plugin is still being loaded', async () => {
  await writeFile(join(from, 'waits.mjs'), 'export default 1;');
  const console = memoryConsole();
  jest.useFakeTimers();
  const loading = loadPlugins([{ specifier: './waits.mjs', from }], console);
  jest.advanceTimersByTime(9_999);
  expect(console.written.notes).toBe('');
  jest.advanceTimersByTime(1);
  jest.useRealTimers();
  await expect(loading).rejects.toMatchObject({ code: 'PLUGIN_LOAD' });
  expect(console.written.notes).toBe(
    'note: plugin "./waits.mjs" has been loading for 10 seconds: this machine is busy, or its top-level await never settles. Ctrl-C ends this.\n',
  );
});
