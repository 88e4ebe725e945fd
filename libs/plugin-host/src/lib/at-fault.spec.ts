import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { WinnowError } from '@winnow/plugin-api';
import { atFault, rememberFiles } from './at-fault.ts';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'winnow-at-fault-')));
  await writeFile(join(folder, 'part.mjs'), '');
  await writeFile(join(folder, 'mine.mjs'), "import './part.mjs';");
});
afterAll(() => rm(folder, { recursive: true }));

/** An error whose stack has this line. */
const failedAt = (place: string) =>
  Object.assign(new Error('lost.'), { stack: `Error: lost.\n    at work (${place}:3:7)` });

it('names the plugin in one of whose files it happened, and nobody else', async () => {
  const elsewhere = failedAt('/somewhere/else.mjs');
  const unplaced = new WinnowError('BAD_DATA', 'Bad.');
  expect(atFault('text')).toBe('text');
  await rememberFiles(join(folder, 'mine.mjs'), './mine.mjs');
  expect(atFault(failedAt(pathToFileURL(join(folder, 'part.mjs')).href))).toMatchObject({
    code: 'PLUGIN_FAILED',
    sentence: 'Plugin "./mine.mjs" failed in work that nobody waits for: lost.',
  });
  expect(atFault(elsewhere)).toBe(elsewhere);
  expect(atFault(unplaced)).toBe(unplaced);
  // What was no error says nothing of where it happened.
  expect(atFault('text')).toMatchObject({
    sentence: 'Plugin "./mine.mjs" failed in work that nobody waits for: text.',
  });
});
