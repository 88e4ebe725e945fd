import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RunFolder } from './run-folder.ts';

let folder: RunFolder;
beforeEach(async () => {
  folder = new RunFolder(await mkdtemp(join(tmpdir(), 'winnow-folder-')));
});
afterEach(() => rm(folder.path, { recursive: true }));

describe('RunFolder', () => {
  it('gives rounds in their order from the hundredth on as well', async () => {
    await mkdir(folder.file('rounds'));
    for (const round of [2, 11, 100])
      await writeFile(
        folder.file(`rounds/${String(round).padStart(2, '0')}.json`),
        JSON.stringify({ round }),
      );
    expect((await folder.readRounds()).map(({ round }) => round)).toEqual([2, 11, 100]);
  });
});
