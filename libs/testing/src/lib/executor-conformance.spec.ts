import { spawn } from 'node:child_process';
import { expect, it } from '@jest/globals';
import {
  type Executor,
  type ExecutorSetting,
  type JobUnderWay,
  type RunJob,
  defineExecutor,
  interrupted,
} from '@winnow/plugin-api';
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

async function troublesOf(executor: Executor, limitMs?: number) {
  const checks = executorConformance(executor, limitMs === undefined ? {} : { limitMs });
  return Promise.all(
    checks.map(({ name, run }) =>
      run().then(
        () => '',
        (error: Error) => `${name}: ${error.message}`,
      ),
    ),
  );
}

it('executorConformance ends with the error of an executor that carries out nothing', async () => {
  const execute = () => Promise.reject(new Error('broken'));
  const [name, ...others] = await troublesOf({ ...heedless, summary: 'none', execute });
  expect(name).toBe('');
  expect(others).toEqual(others.map(() => expect.stringMatching(/: broken$/)));
  expect(others).toHaveLength(4);
});

it('executorConformance has a limit for an executor that never ends', async () => {
  const endless = { ...heedless, summary: 'none', execute: () => new Promise<void>(() => {}) };
  const [name, ...others] = await troublesOf(endless, 200);
  expect(name).toBe('');
  const late = /: it has not come to an end after 0.2 s$/;
  expect(others).toEqual(others.map(() => expect.stringMatching(late)));
});

it('executorConformance has a limit for jobs that stay under way', async () => {
  const stuck = {
    ...heedless,
    summary: 'none',
    async execute([job]: readonly RunJob[], setting: ExecutorSetting) {
      await process(setting, job!);
      throw interrupted();
    },
    underWay: (): Promise<JobUnderWay[]> =>
      Promise.resolve([{ folder: '/runs/a', until: 'end', state: 'running' }]),
  };
  const troubles = await troublesOf(stuck, 2000);
  expect(troubles.at(-1)).toMatch(
    /^ends when it is stopped, .*: it has not come to an end after 2 s$/,
  );
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
