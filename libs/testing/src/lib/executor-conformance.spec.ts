import { spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { type ExecutorSetting, type RunJob, defineExecutor } from '@winnow/plugin-api';
import * as z from 'zod';
import { executorConformance } from './executor-conformance.ts';

function process({ program, words, signal }: ExecutorSetting, job: RunJob): Promise<void> {
  const [command, ...args] = [...program, ...words(job)];
  return new Promise((resolve) => {
    const child = spawn(command!, args, { stdio: 'ignore' });
    signal.addEventListener('abort', () => void child.kill('SIGINT'));
    child.on('close', () => resolve());
  });
}

/** One after another, whether they are done, whether it is to stop, and without telling what has come of them. */
const heedless = defineExecutor({
  name: 'heedless',
  summary: '',
  options: z.strictObject({}),
  async execute(jobs, setting) {
    for (const job of jobs) await process(setting, job);
  },
  cancel: () => Promise.resolve(0),
});

// That it finds nothing in one that does what it must, the executor `local` shows.
it('executorConformance finds every fault of an executor', async () => {
  const checks = executorConformance(heedless);
  const failed = await Promise.all(
    checks.map(({ name, run }) =>
      run().then(
        () => undefined,
        () => name,
      ),
    ),
  );
  expect(failed).toEqual(checks.map(({ name }) => name));
});
