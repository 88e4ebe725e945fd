import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const prune = async (...flags: string[]) => {
  const cwd = import.meta.dirname;
  return promisify(execFile)(process.execPath, ['prune.mjs', ...flags], { cwd });
};

it.each(['cts', 'synflow'])('hands a model back that predicts well: %s', async (method) => {
  const { stdout } = await prune(method, '0.1');
  const value = (name: string) => Number(new RegExp(`^${name}: ([\\d.]+)`, 'm').exec(stdout)?.[1]);
  // d = 3 · 3 · (16 + 16 · 16) + 3 · 3 · 16 · 10 = 3888
  expect(stdout).toContain('kept: 388 of 3888');
  // Chance is 0.1.
  expect(value('before')).toBeLessThan(0.4);
  expect(value('after')).toBeGreaterThan(0.8);
});

it('names the methods that there are', async () => {
  await expect(prune('syncflow')).rejects.toThrow('Did you mean "synflow"?');
});
