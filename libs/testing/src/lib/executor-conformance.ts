import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Executor,
  type ExecutorSetting,
  type GivenOptions,
  INTERRUPTED,
  type JobEnd,
  type RunJob,
  isWinnowError,
} from '@winnow/plugin-api';
import { type Check, assertNamed } from './check.ts';

export interface ExecutorOnToys {
  /** The executor's options; its defaults when left out. */
  readonly options?: GivenOptions;
  /** Where runs may lie that it can reach; the system's folder for temporary files when left out. */
  readonly within?: string;
  /** What a check may take, a queue included; ten minutes when left out. */
  readonly limitMs?: number;
}

const USUAL_LIMIT_MS = 600_000;

/** Does to a folder what its name says, and notes in the folder around it when it begins and ends. */
const TOY = `
import { appendFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
const [, , folder, until] = process.argv;
const what = basename(folder);
const note = (text) => appendFileSync(join(dirname(folder), 'notes'), what + ' ' + until + ' ' + text + '\\n');
const stop = () => { note('stops'); process.exit(130); };
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
note('begins');
if (what.startsWith('fails')) {
  process.stderr.write('note: all was well\\nerror [BAD_DATA]: Pixels are missing.\\n');
  process.exit(1);
}
if (what.startsWith('dies')) process.kill(process.pid, 'SIGKILL');
else if (what.startsWith('waits')) setInterval(() => {}, 1000);
else {
  writeFileSync(join(folder, until), '');
  note('ends');
  process.exit(0);
}
`;

interface Toys {
  readonly job: (name: string, after?: readonly RunJob[], until?: RunJob['until']) => RunJob;
  readonly setting: ExecutorSetting;
  /** What came of each job that was told of, by the name of its folder and how far it goes. */
  readonly ends: Map<string, JobEnd>;
  readonly notes: () => Promise<readonly string[]>;
  readonly stop: () => void;
  /** Waits until something is so, for as long as the check lasts. */
  readonly until: (isSo: () => Promise<boolean>) => Promise<void>;
}

/**
 * Runs of which each is a folder with a name that says what comes of it; they are gone afterwards. Throws what `work` throws,
 * and where it takes too long.
 */
async function withToys(
  { within, limitMs }: Required<Pick<ExecutorOnToys, 'within' | 'limitMs'>>,
  work: (toys: Toys) => Promise<void>,
): Promise<void> {
  const place = await mkdtemp(join(within, 'winnow-executor-'));
  const [toy, state] = [join(place, 'toy.mjs'), join(place, 'state')];
  await Promise.all([writeFile(toy, TOY), mkdir(state), writeFile(join(place, 'notes'), '')]);
  const ends = new Map<string, JobEnd>();
  const controller = new AbortController();
  const nameOf = ({ name, until }: RunJob) => `${name} ${until}`;
  const notes = async () => (await readFile(join(place, 'notes'), 'utf8')).trim().split('\n');
  const setting: ExecutorSetting = {
    program: [process.execPath, toy],
    words: ({ folder, until }) => [folder, until],
    standing: ({ folder, until }) =>
      Promise.resolve(existsSync(join(folder, until)) ? 'done' : 'open'),
    state,
    signal: controller.signal,
    follow: true,
    onEvent: () => {},
    onEnd(job, end) {
      assert.ok(!ends.has(nameOf(job)), `it tells twice what has come of "${job.name}"`);
      ends.set(nameOf(job), end);
      return Promise.resolve();
    },
  };
  const stop = () => controller.abort();
  const made: Promise<unknown>[] = [];
  const job: Toys['job'] = (name, after = [], until = 'end') => {
    const folder = join(place, name);
    made.push(mkdir(folder, { recursive: true }));
    return { name, folder, until, after };
  };
  const over = new AbortController();
  const until: Toys['until'] = async (isSo) => {
    while (!over.signal.aborted && !(await isSo())) await sleep(20);
  };
  const tooLate = sleep(limitMs, undefined, { signal: over.signal }).then(() =>
    assert.fail(`it has not come to an end after ${limitMs / 1000} s`),
  );
  try {
    await Promise.race([work({ job, setting, ends, notes, stop, until }), tooLate]);
  } finally {
    over.abort();
    // Of what did not come to its end.
    stop();
    await Promise.all(made);
    // What was stopped may yet write its last files.
    await rm(place, { recursive: true, maxRetries: 5 });
  }
}

/** What an executor must do: `for (const { name, skip, run } of executorConformance(mine)) test(name, { skip }, run);` */
export function executorConformance(
  executor: Executor,
  { options = {}, within = tmpdir(), limitMs = USUAL_LIMIT_MS }: ExecutorOnToys = {},
): Check[] {
  const check = (name: string, work: (toys: Toys) => Promise<void>): Check => ({
    name,
    run: () => withToys({ within, limitMs }, work),
  });
  const execute = async (jobs: readonly RunJob[], setting: ExecutorSetting) => {
    // Their folders are there before they are handed over.
    await Promise.all(jobs.map(({ folder }) => mkdir(folder, { recursive: true })));
    await executor.execute(jobs, setting, options);
  };
  return [
    {
      name: 'has a name and a summary',
      run: () => Promise.resolve().then(() => assertNamed(executor)),
    },
    check('carries out every job, after those that it waits for', async (toys) => {
      const first = toys.job('a', [], 'start');
      const jobs = [first, toys.job('b', [first]), toys.job('c', [first]), toys.job('a', [first])];
      await execute(jobs, toys.setting);
      assert.deepEqual(
        [...toys.ends].sort(),
        ['a end', 'a start', 'b end', 'c end'].map((name) => [name, { state: 'done' }]),
      );
      const notes = await toys.notes();
      assert.equal(notes.length, 8, 'a job was begun twice, or not at all');
      assert.deepEqual(notes.slice(0, 2), ['a start begins', 'a start ends']);
    }),
    check('tells what fails and why, and goes on with the others', async (toys) => {
      const fails = toys.job('fails');
      await execute([fails, toys.job('dies'), toys.job('a', [fails])], toys.setting);
      const failed = toys.ends.get('fails end');
      assert.ok(failed?.state === 'failed', 'what ends with an error has not failed');
      assert.equal(failed.code, 'BAD_DATA');
      assert.match(failed.log.join('\n'), /all was well/);
      assert.equal(toys.ends.get('dies end')?.state, 'failed', 'what is killed has not failed');
      assert.equal(toys.ends.get('a end')?.state, 'done');
    }),
    check('leaves alone what is done', async (toys) => {
      const [done, open] = [toys.job('done'), toys.job('open')];
      await mkdir(done.folder, { recursive: true });
      await appendFile(join(done.folder, 'end'), '');
      await execute([done, open], toys.setting);
      assert.deepEqual(await toys.notes(), ['open end begins', 'open end ends']);
    }),
    check('ends when it is stopped, and begins nothing more', async (toys) => {
      const waits = toys.job('waits');
      const work = execute([waits, toys.job('never', [waits])], toys.setting);
      const over = work.then(
        () => assert.fail('it ends as if all were done'),
        (error: unknown) => error,
      );
      const begins = toys.until(async () => (await toys.notes()).includes('waits end begins'));
      const early = over.then((error) => {
        throw error;
      });
      await Promise.race([begins, early]);
      toys.stop();
      const error = await over;
      assert.ok(
        isWinnowError(error) && error.code === INTERRUPTED,
        'it does not throw INTERRUPTED',
      );
      await executor.cancel(toys.setting, options);
      await toys.until(async () => !(await executor.underWay?.(toys.setting, options))?.length);
      assert.ok(!(await toys.notes()).some((line) => line.startsWith('never')));
    }),
  ];
}
