import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { fileToImport } from './importable.ts';

const FIXTURES = new URL('../../../exchange/fixtures/', import.meta.url);
const fixture = (name: string) => fileURLToPath(new URL(name, FIXTURES));

it('reads a file of PyTorch once, to find out what it holds and for its tensors', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'winnow-import-'));
  const path = join(folder, 'pruned.pth');
  await copyFile(fixture('torch-save/pruned.pth'), path);
  const file = await fileToImport(path, { density: 0.5 });
  await rm(folder, { recursive: true });
  expect([file.isHdf5, file.holdsTicket]).toEqual([false, true]);
  expect([...(await file.pytorch()).tensors.keys()]).toContain('stem.bn.weight');
});

it.each([
  ['tickets.h5', {}, true],
  ['torch-save/pruned.pth', {}, false],
  ['torch-save/tensors.pth', { density: 0.5 }, false],
])(
  'takes a ticket of a file of them, or where one is asked for of masks: %s %j',
  async (name, flags, due) => {
    expect((await fileToImport(fixture(name), flags)).holdsTicket).toBe(due);
  },
);
