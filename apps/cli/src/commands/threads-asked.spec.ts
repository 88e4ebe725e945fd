import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { spawnWinnowIn } from '../testing/run-winnow.ts';

let folder: string;
const before = process.env['WINNOW_THREADS'];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-threads-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  if (before === undefined) delete process.env['WINNOW_THREADS'];
  else process.env['WINNOW_THREADS'] = before;
});

const isNative = (await startBackend('auto', backendsHere())) === 'native';

(isNative ? it : it.skip)(
  'notes once that more threads were asked for than there are cores',
  async () => {
    const cores = availableParallelism();
    process.env['WINNOW_THREADS'] = String(cores + 1);
    const how =
      '--dataset digits --model resnet8 --density 0.1 --method random --start init --epochs 1';
    const { stderr } = await spawnWinnowIn(folder, 'run', ...how.split(' '), '--until', 'ticket');
    expect(stderr.match(/^note: WINNOW_THREADS.*$/gm)).toEqual([
      `note: WINNOW_THREADS is ${cores + 1}, and the processor runs ${cores} at a time: more only slow each other down`,
    ]);
  },
);
