import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type LockOwner, thisProcess } from '@winnow/files/disk';
import type {
  ExecutorSetting,
  GivenOptions,
  JobEnd,
  JobStanding,
  RunJob,
} from '@winnow/plugin-api';
import { executorConformance } from '@winnow/testing';
import { local } from './local-executor.ts';
import { Worker } from './worker.ts';

describe('local', () => {
  for (const { name, skip, run } of executorConformance(local, { options: { parallel: 2 } }))
    (skip ? it.skip : it)(name, run);
});

/** Carries out one folder after another, as the program does, and does to each what its name says. */
const WORKER = `
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
function work(folder) {
  const what = basename(folder);
  appendFileSync(join(dirname(folder), 'log'), what + ' ' + process.pid + ' ' + process.env.WINNOW_THREADS + '\\n');
  process.send({ type: 'phase', phase: 'search' });
  if (what.startsWith('dies')) process.kill(process.pid, 'SIGKILL');
  if (what.startsWith('hangs')) return;
  const isHeld = what.startsWith('held') && !existsSync(join(folder, 'tried'));
  if (isHeld) {
    writeFileSync(join(folder, 'tried'), '');
    process.stderr.write('error [RUN_IN_USE]: In it somebody works already.\\n');
  } else writeFileSync(join(folder, 'end'), '');
  process.stderr.write('note: this was ' + what + '\\n\\x04');
  process.send({ type: 'over', status: isHeld ? 1 : 0 });
}
process.on('message', ({ words }) => work(words[0]));
work(process.argv[2]);
`;

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-local-'));
  await writeFile(join(dir, 'worker.mjs'), WORKER);
});
afterAll(() => rm(dir, { recursive: true }));

/** What comes of runs of these names, by what each process has written down. */
async function carryOut(
  test: string,
  names: readonly string[],
  options: GivenOptions,
  standing: (name: string) => JobStanding | Promise<JobStanding> = () => 'open',
) {
  const jobs: RunJob[] = [];
  for (const name of names) {
    const folder = join(dir, test, name);
    await mkdir(folder, { recursive: true });
    jobs.push({ name, folder, until: 'end', after: [] });
  }
  const told: string[] = [];
  const ends = new Map<string, JobEnd>();
  const setting: ExecutorSetting = {
    program: [process.execPath, join(dir, 'worker.mjs')],
    words: ({ folder }) => [folder],
    standing: async ({ name, folder }) =>
      existsSync(join(folder, 'end')) ? 'done' : standing(name),
    signal: new AbortController().signal,
    follow: true,
    onEvent: ({ name }, { type }) => void told.push(`${name}: ${type}`),
    onEnd: ({ name }, end) => Promise.resolve(void ends.set(name, end)),
  };
  await local.execute(jobs, setting, options);
  const log = await readFile(join(dir, test, 'log'), 'utf8').catch(() => '');
  const lines = log.trim().split('\n');
  return { ends, told, begun: lines.map((line) => line.split(' ')) };
}

it('has one process carry out one run after another, each with its share of the cores and its log', async () => {
  const { begun, ends, told } = await carryOut('several', ['a', 'b', 'c'], { parallel: 1 });
  expect(begun.map(([name]) => name)).toEqual(['a', 'b', 'c']);
  expect(new Set(begun.map(([, pid]) => pid)).size).toBe(1);
  expect(Number(begun[0]![2])).toBeGreaterThan(0);
  expect([...ends.values()]).toEqual([{ state: 'done' }, { state: 'done' }, { state: 'done' }]);
  expect(told).toEqual(['a: phase', 'b: phase', 'c: phase']);
  expect(await readFile(join(dir, 'several', 'b', 'log.txt'), 'utf8')).toBe('note: this was b\n');
});

it('has another process go on where one was killed, which costs the run that it was at', async () => {
  const { begun, ends } = await carryOut('killed', ['a', 'dies', 'b'], { parallel: 1 });
  expect(begun.map(([name]) => name)).toEqual(['a', 'dies', 'b']);
  expect(begun[2]![1]).not.toBe(begun[1]![1]);
  expect(ends.get('dies')).toEqual({
    state: 'failed',
    signal: 'SIGKILL',
    reason: 'it was ended by SIGKILL, as the system does where memory runs out.',
    log: [],
  });
  expect(ends.get('b')).toEqual({ state: 'done' });
});

it('ends by an error with one run once the processes of the others have ended, which it stops', async () => {
  const log = join(dir, 'error', 'log');
  const standing = (name: string): JobStanding => {
    if (name === 'hangs') return 'open';
    if (!existsSync(log)) return 'held';
    throw new Error('EACCES');
  };
  const end = carryOut('error', ['hangs', 'damaged'], { parallel: 2 }, standing);
  await expect(end).rejects.toThrow('EACCES');
  const pid = Number((await readFile(log, 'utf8')).split(' ')[1]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('begins nothing after an error, be it looked at already', async () => {
  const standing = async (name: string): Promise<JobStanding> => {
    if (name === 'damaged') throw new Error('EACCES');
    await sleep(50);
    return 'open';
  };
  const end = carryOut('early', ['damaged', 'a'], { parallel: 2 }, standing);
  await expect(end).rejects.toThrow('EACCES');
  expect(existsSync(join(dir, 'early', 'log'))).toBe(false);
});

it('ends what gives no sign of life for too long', async () => {
  const { ends } = await carryOut('hung', ['hangs', 'a'], { parallel: 1, hangMinutes: 0.05 });
  expect(ends.get('hangs')).toMatchObject({
    state: 'failed',
    reason: 'it gave no sign of life for 0.05 minutes, and was ended.',
  });
  expect(ends.get('a')).toEqual({ state: 'done' });
});

it('ends nothing for its silence where the minutes are 0', async () => {
  const folder = join(dir, 'silent', 'hangs');
  await mkdir(folder, { recursive: true });
  const tick = jest
    .spyOn(globalThis, 'setInterval')
    .mockImplementation((look: () => void) => setTimeout(look, 20));
  const program = [process.execPath, join(dir, 'worker.mjs')];
  const worker = new Worker(program, [folder], { threads: 1, hangMinutes: 0 });
  tick.mockRestore();
  const job = { name: 'hangs', folder, until: 'end', after: [] } as const;
  const end = worker.carryOut(job, () => setTimeout(() => worker.interrupt(), 50));
  expect(await end).toEqual({ state: 'stopped' });
});

it('does without a log that cannot be written', async () => {
  await mkdir(join(dir, 'logless', 'a', 'log.txt'), { recursive: true });
  const { ends } = await carryOut('logless', ['a', 'b'], { parallel: 1 });
  expect([...ends.values()]).toEqual([{ state: 'done' }, { state: 'done' }]);
});

(process.platform === 'win32' ? describe.skip : describe)('cancelling', () => {
  const sleeping = () => spawn('sleep', ['100']);
  /** A lock that one of these processes holds. */
  async function locked(state: string, changes: (here: LockOwner) => Partial<LockOwner>) {
    const here = await thisProcess();
    await mkdir(join(dir, state), { recursive: true });
    const owner = { ...here, started: undefined, ...changes(here) };
    await writeFile(join(dir, state, `${owner.pid}.lock`), JSON.stringify(owner));
    return { state: join(dir, state) };
  }
  const ended = (child: ChildProcess) =>
    new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));

  it('tells a process of this machine alone, and of one elsewhere whose number may be of one here', async () => {
    const child = sleeping();
    const end = ended(child);
    const pid = child.pid!;
    const elsewhere = await locked('elsewhere', ({ machine }) => ({
      pid,
      machine: `${machine} pid:[1]`,
    }));
    const refused = expect.objectContaining({
      code: 'PROCESS_ELSEWHERE',
      message: expect.stringMatching(
        new RegExp(`this study is worked on by process ${pid} on \\S+ since 20\\S+Z\\. Run `),
      ),
    });
    await expect(local.cancel(elsewhere, {})).rejects.toThrow(refused);
    expect(child.exitCode).toBeNull();
    // One here is told all the same.
    const { state } = await locked('elsewhere', () => ({ pid: process.pid }));
    await expect(local.cancel({ state }, {})).rejects.toThrow(refused);
    expect(await local.cancel(await locked('here', () => ({ pid })), {})).toBe(1);
    expect(await end).toBe('SIGINT');
  });

  it("says whose another user's process is", async () => {
    const child = sleeping();
    const end = ended(child);
    const theirs = await locked('theirs', () => ({ pid: child.pid! }));
    const kill = jest.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
    });
    const refused = local.cancel(theirs, {});
    await expect(refused).rejects.toMatchObject({
      code: 'PROCESS_OF_ANOTHER',
      message: expect.stringMatching(
        new RegExp(`is another user's and may not be told to stop: process ${child.pid} since 20`),
      ),
    });
    kill.mockRestore();
    child.kill();
    await end;
  });
});

it('waits for what others work on, tries again, and leaves alone what has failed for them', async () => {
  let looks = 0;
  const standing = (name: string) => {
    if (name === 'failed') return 'failed';
    return name === 'others' && ++looks < 3 ? 'held' : 'open';
  };
  const names = ['others', 'held', 'failed', 'a'];
  const { begun, ends } = await carryOut('held', names, { parallel: 1 }, standing);
  expect(begun.map(([name]) => name)).toEqual(['held', 'a', 'held', 'others']);
  expect([...ends.keys()].sort()).toEqual(['a', 'held', 'others']);
});
