import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Executor,
  type ExecutorSetting,
  type JobEnd,
  type JobStanding,
  type RunJob,
  defineExecutor,
} from '@winnow/plugin-api';
import { executorConformance } from '@winnow/testing';
import * as z from 'zod';
import { FakeSlurm } from '../../testing/fake-slurm.ts';
import { slurmExecutor } from './slurm-executor.ts';

const QUICK = { pollSeconds: 0.02 };

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-slurm-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Of each call on a cluster of its own. */
function ofFakes(): Executor {
  const made = new Map<string, Promise<Executor>>();
  const of = (state: string) => {
    const known =
      made.get(state) ??
      (async () => {
        const fake = new FakeSlurm(`${state} of the cluster`);
        await fake.start();
        return slurmExecutor(fake.command, 0);
      })();
    made.set(state, known);
    return known;
  };
  return defineExecutor({
    ...{ name: 'slurm', summary: 'on fake clusters', options: z.looseObject({}) },
    execute: async (jobs, setting, options) =>
      (await of(setting.state!)).execute(jobs, setting, options),
    cancel: async (setting, options) => (await of(setting.state!)).cancel(setting, options),
  });
}

describe('slurm', () => {
  for (const { name, skip, run } of executorConformance(ofFakes(), { options: QUICK }))
    (skip ? it.skip : it)(name, run);
});

/** Does to a folder what its name says, and notes that in the folder. */
const TOY = `
cd "$1"
echo "$WINNOW_THREADS $COLOUR" >>begun
case \${1##*/} in
  fails*) echo 'error [BAD_DATA]: No pixels.' >&2; exit 1;;
  held*) [ -e tried ] || { touch tried; echo 'error [RUN_IN_USE]: In it somebody works.' >&2; exit 1; };;
  stops*) [ -e tried ] || { touch tried; trap 'exit 130' TERM; while :; do sleep 0.02; done; };;
  waits*) trap 'exit 130' TERM; while :; do sleep 0.02; done;;
  lost*) kill -9 "$PPID";;
esac
touch "$2"
`;

/** Jobs of a study that is carried out on a cluster of its own. */
async function studyOf(name: string, lagMs = 0) {
  const place = join(dir, name);
  const fake = new FakeSlurm(join(place, 'cluster'));
  await fake.start();
  const [state, toy] = [join(place, 'state'), join(place, 'toy.sh')];
  await writeFile(toy, TOY);
  const ends = new Map<string, JobEnd>();
  const controller = new AbortController();
  const setting: ExecutorSetting = {
    program: ['bash', toy],
    words: ({ folder, until }) => [folder, until],
    standing: ({ folder, until }): Promise<JobStanding> =>
      Promise.resolve(existsSync(join(folder, until)) ? 'done' : 'open'),
    state,
    follow: true,
    signal: controller.signal,
    onEvent: () => {},
    onEnd: (job, end) => Promise.resolve(void ends.set(job.name, end)),
  };
  const executor = slurmExecutor(fake.command, lagMs);
  return {
    ...{ fake, ends, state, setting, executor, place },
    stop: () => controller.abort(),
    async job(called: string, after: readonly RunJob[] = []): Promise<RunJob> {
      const folder = join(place, called);
      await mkdir(folder, { recursive: true });
      return { name: called, folder, until: 'end', after };
    },
    run: (jobs: readonly RunJob[], changes: Partial<ExecutorSetting> = {}, options = {}) =>
      executor.execute(jobs, { ...setting, ...changes }, { ...QUICK, ...options }),
    begun: async (job: RunJob) =>
      (await readFile(join(job.folder, 'begun'), 'utf8').catch(() => '')).trim().split('\n'),
    async until(what: () => boolean | Promise<boolean>) {
      while (!(await what())) {
        await fake.command('squeue', []);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    submitted: () => fake.asked.filter((line) => line.startsWith('sbatch')),
  };
}

const DONE = { state: 'done' };

it('hands over an array of those that others wait for, and arrays as large as the cluster has them', async () => {
  const study = await studyOf('arrays');
  study.fake.mostTasks = 2;
  const first = await study.job('first');
  const others = await Promise.all(['b', 'c', 'd'].map((name) => study.job(name, [first])));
  const alone = await study.job("it's $(one) % \n of them");
  await study.run([first, ...others, alone], {}, { environment: { COLOUR: "'green' $x" } });
  expect([...study.ends.values()]).toEqual(Array(5).fill(DONE));
  const arrays = study
    .submitted()
    .map((line) => [/--array=(\S+)/.exec(line)![1], /--dependency=(\S+)/.exec(line)?.[1]]);
  expect(arrays).toEqual([
    ['0-0', undefined],
    ['0-0', undefined],
    ['0-1', 'afterany:1'],
    ['0-0', 'afterany:1'],
  ]);
  expect(await study.begun(alone)).toEqual(["3 'green' $x"]);
  expect(await readdir(study.state)).toEqual([]);
});

it('puts a run that was stopped, or is at work elsewhere, back into the queue', async () => {
  const study = await studyOf('requeued');
  const [held, stops] = [await study.job('held'), await study.job('stops')];
  const work = study.run([held, stops]);
  await study.until(() => existsSync(join(stops.folder, 'tried')));
  study.fake.tasks[1]!.child!.kill('SIGTERM');
  await work;
  expect([...study.ends.values()]).toEqual([DONE, DONE]);
  expect((await study.begun(held)).length).toBe(2);
  expect((await study.begun(stops)).length).toBe(2);
});

it('does not put back what Slurm is ending', async () => {
  const study = await studyOf('ended');
  const stops = await study.job('stops');
  const work = study.run([stops]);
  await study.until(() => existsSync(join(stops.folder, 'tried')));
  await writeFile(join(study.place, 'cluster', 'state-1_0'), 'COMPLETING');
  study.fake.tasks[0]!.child!.kill('SIGTERM');
  await work;
  expect(study.ends.get('stops')).toEqual({ state: 'stopped' });
});

it('leaves its jobs when it is stopped, follows them again, and hands nothing over twice', async () => {
  const study = await studyOf('left');
  study.fake.cores = 1;
  const jobs = [await study.job('stops'), await study.job('b')];
  const work = study.run(jobs);
  await study.until(() => existsSync(join(jobs[0]!.folder, 'tried')));
  study.stop();
  await expect(work).rejects.toThrow(
    expect.objectContaining({
      code: 'INTERRUPTED',
      message: expect.stringMatching(/^Stopped following; 2 jobs go on at Slurm\./),
    }),
  );
  expect(await study.executor.underWay!(study.setting, {})).toEqual([
    { folder: jobs[0]!.folder, until: 'end', state: 'running' },
    { folder: jobs[1]!.folder, until: 'end', state: 'waiting' },
  ]);
  const later = await study.job('c', [jobs[0]!]);
  const { signal } = new AbortController();
  const again = study.run([...jobs, later], { signal });
  await study.until(() => study.submitted().length === 2);
  expect(study.submitted()[1]).toMatch(/--array=0-0 .*--dependency=afterany:1 /);
  study.fake.tasks[0]!.child!.kill('SIGTERM');
  await again;
  expect([...study.ends]).toEqual(expect.arrayContaining([['c', DONE]]));
  expect(study.ends.size).toBe(3);
  expect(await study.begun(jobs[1]!)).toHaveLength(1);
});

it('tells once what failed while nobody followed', async () => {
  const study = await studyOf('settled');
  const fails = await study.job('fails');
  await study.run([fails], { follow: false });
  const told: JobEnd[] = [];
  const settle = () =>
    study.executor.settle!(study.setting, (_, end) => Promise.resolve(void told.push(end)), {});
  await study.until(() => study.fake.tasks[0]!.state === 'OVER');
  await settle();
  await settle();
  const log = ['error [BAD_DATA]: No pixels.'];
  expect(told).toEqual([{ state: 'failed', code: 'BAD_DATA', reason: 'No pixels.', log }]);
  expect(await readFile(join(fails.folder, 'log.txt'), 'utf8')).toBe(`${log[0]}\n`);
});

it.each([
  ['accounts', 'OUT_OF_MEMORY\n', '', 'it took more memory than the job has.'],
  [
    'notes',
    undefined,
    'slurmstepd: error: *** JOB 7 ON n CANCELLED AT 2026 DUE TO TIME LIMIT ***',
    'its time limit ended it before it had saved its state.',
  ],
  ['nothing', undefined, '', 'it left the queue without a result.'],
])('tells by its %s why a task wrote nothing down', async (name, accounts, note, reason) => {
  const study = await studyOf(`lost-${name}`);
  study.fake.accounts = accounts;
  await study.run([await study.job('lost')], { follow: false }, { setup: [`echo '${note}'`] });
  await study.until(() => study.fake.tasks[0]!.state === 'OVER');
  const told: JobEnd[] = [];
  await study.executor.settle!(study.setting, (_, end) => Promise.resolve(void told.push(end)), {});
  expect(told).toEqual([{ state: 'failed', reason, log: note ? [note] : [] }]);
});

it('waits for what another machine wrote', async () => {
  const study = await studyOf('lag', 60_000);
  await study.run([await study.job('lost')], { follow: false });
  await study.until(() => study.fake.tasks[0]!.state === 'OVER');
  await study.executor.settle!(study.setting, () => Promise.reject(new Error('too early')), {});
  expect(await readdir(study.state)).toHaveLength(1);
});

it('cancels what runs, which saves its state, and what waits', async () => {
  const study = await studyOf('cancelled');
  study.fake.cores = 1;
  const jobs = [await study.job('waits'), await study.job('b')];
  await study.run(jobs, { follow: false });
  await study.until(async () => (await study.begun(jobs[0]!))[0] !== '');
  expect(await study.executor.cancel(study.setting, {})).toBe(2);
  await study.until(() => study.fake.tasks.every(({ state }) => state === 'OVER'));
  expect(await study.executor.underWay!(study.setting, {})).toEqual([]);
  const told: JobEnd[] = [];
  await study.executor.settle!(study.setting, (_, end) => Promise.resolve(void told.push(end)), {});
  expect(told).toEqual([{ state: 'stopped' }, { state: 'stopped' }]);
  expect(existsSync(join(jobs[1]!.folder, 'begun'))).toBe(false);
});

it('hands over what it could not, and only that, when it is started again', async () => {
  const study = await studyOf('fallen');
  const first = await study.job('first');
  const jobs = [first, await study.job('b', [first])];
  const { command } = study.fake;
  let arrays = 0;
  const falls = slurmExecutor((program, args) => {
    if (program === 'sbatch' && ++arrays === 2) study.fake.fails = 'sbatch';
    return command(program, args);
  }, 0);
  await expect(falls.execute(jobs, study.setting, QUICK)).rejects.toThrow(
    expect.objectContaining({
      code: 'SLURM_FAILED',
      sentence: 'sbatch failed (sbatch: error: Slurm is down).',
    }),
  );
  await study.run(jobs);
  expect([...study.ends.values()]).toEqual([DONE, DONE]);
  expect(await study.begun(first)).toHaveLength(1);
  expect(study.fake.tasks).toHaveLength(2);
});

it('says so where there is no Slurm', async () => {
  const study = await studyOf('none');
  const missing = slurmExecutor(() =>
    Promise.reject(Object.assign(new Error('spawn scontrol ENOENT'), { code: 'ENOENT' })),
  );
  await expect(missing.execute([await study.job('a')], study.setting, {})).rejects.toThrow(
    expect.objectContaining({ code: 'NO_SLURM', sentence: 'There is no scontrol here.' }),
  );
});
