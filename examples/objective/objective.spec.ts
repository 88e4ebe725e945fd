import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const run = promisify(execFile);

it('passes its own tests, the conformance suite among them', async () => {
  const { stdout } = await run(process.execPath, ['--test', 'test/jensen-shannon.test.mjs'], {
    cwd: import.meta.dirname,
  });
  expect(stdout).toMatch(/\bfail 0\b/);
  expect(Number(/\bpass (\d+)/.exec(stdout)![1])).toBeGreaterThan(4);
});

it('is found by the command line', async () => {
  const winnow = new URL('../../apps/cli/dist/main.js', import.meta.url).pathname;
  const plugin = '@winnow-examples/objective';
  const { stdout } = await run(process.execPath, [winnow, 'list', 'objective', '--plugin', plugin]);
  expect(stdout).toContain('jensen-shannon');
});

it('brings the program that its README calls, once it is copied out', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  expect(await read('README.md')).toContain('npx winnow run');
  const { devDependencies } = JSON.parse(await read('package.json')) as {
    devDependencies: Record<string, string>;
  };
  const { version } = JSON.parse(await read('../../apps/cli/package.json')) as { version: string };
  expect(devDependencies['winnow']).toBe(version);
});
