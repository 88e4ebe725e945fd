import { execFile } from 'node:child_process';
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
