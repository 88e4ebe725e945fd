import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('trains well with a tenth of the weights, in thirty lines', async () => {
  const cwd = import.meta.dirname;
  const { stdout } = await promisify(execFile)(process.execPath, ['prune.mjs'], { cwd });
  // d = 3 · 3 · 1 · 16 + 256 · 10
  const line = (kept: number) => new RegExp(`^${kept} of 2704 weights: ([\\d.]+) %$`, 'm');
  const [dense, sparse] = [2704, 270].map((kept) => Number(line(kept).exec(stdout)?.[1]));
  // Chance is 10 %.
  expect(dense).toBeGreaterThan(90);
  expect(sparse).toBeGreaterThan(85);
  const script = await readFile(`${cwd}/prune.mjs`, 'utf8');
  expect(script.trim().split('\n').length).toBeLessThanOrEqual(30);
});
