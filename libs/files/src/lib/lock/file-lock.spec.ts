import { spawn, spawnSync } from 'node:child_process';
import {
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type FileLock, lockHolder, takeFileLock } from './file-lock.ts';
import { type LockOwner, thisProcess } from './lock-owner.ts';
import { whileLocked } from './while-locked.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-lock-'));
  path = join(dir, 'run.lock');
});
afterEach(() => rm(dir, { recursive: true }));

async function taken(): Promise<FileLock> {
  const outcome = await takeFileLock(path);
  if ('lock' in outcome) return outcome.lock;
  throw new Error('The lock is not to be had.');
}

/** Leaves the lock as this owner would have, so long after its last sign of life. */
async function left(changes: Partial<LockOwner>, silentMs = 0): Promise<void> {
  await writeFile(path, JSON.stringify({ ...(await thisProcess()), ...changes }));
  const then = new Date(Date.now() - silentMs);
  await utimes(path, then, then);
}

/** The number of a process that has ended. */
function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  return new Promise((resolve) => child.on('close', () => resolve(child.pid!)));
}

const HOUR_MS = 3_600_000;

describe('a lock', () => {
  it('is held by one, who is told to the other, and free once it is released', async () => {
    expect(await lockHolder(path)).toBeUndefined();
    const lock = await taken();
    expect(await lockHolder(path)).toBeDefined();
    expect(await takeFileLock(path)).toEqual({ heldBy: lock.owner });
    expect(lock.owner).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
    await (await taken()).release();
  });

  it.each([
    ['whose process has ended', async () => left({ pid: await deadPid() })],
    // As after a restart: the number is another process's now.
    ['whose number another process has', () => left({ started: 'before' })],
    ['on another machine that is silent', () => left({ machine: 'other' }, HOUR_MS)],
    [
      'who was killed before it said who it is',
      async () => {
        await writeFile(path, '');
        await utimes(path, 0, 0);
      },
    ],
  ])('goes over from an owner %s', async (_, leave) => {
    await leave();
    expect(await lockHolder(path)).toBeUndefined();
    const lock = await taken();
    expect(await lock.held()).toBe(true);
    expect(await readdir(dir)).toEqual(['run.lock']);
  });

  it.each([
    ['whose process runs, however long it was silent', true, () => left({}, HOUR_MS)],
    ['on another machine that gives a sign of life', true, () => left({ machine: 'other' })],
    ['who is saying who it is', false, () => writeFile(path, '{"pid"')],
  ])('stays with an owner %s', async (_, isNamed, leave) => {
    await leave();
    expect((await lockHolder(path)) !== undefined).toBe(isNamed);
    const before = await readFile(path, 'utf8');
    const other = setInterval(() => void utimes(path, new Date(), new Date()), 5);
    expect(await takeFileLock(path, { beatMs: 200, staleMs: HOUR_MS })).toHaveProperty('heldBy');
    clearInterval(other);
    expect(await readFile(path, 'utf8')).toBe(before);
    expect(await readdir(dir)).toEqual(['run.lock']);
  });

  it('goes over from an owner on another machine once it was silent for long enough', async () => {
    await left({ machine: 'other' });
    const outcome = await takeFileLock(path, { beatMs: 20, staleMs: 50 });
    expect(outcome).toHaveProperty('lock');
    if ('lock' in outcome) await outcome.lock.release();
  });

  it('goes over to one of many, also where another one died at it', async () => {
    const pid = await deadPid();
    for (let round = 0; round < 20; round++) {
      await left({ pid, token: 'first' });
      if (round % 2) {
        const next = { ...(await thisProcess()), pid, token: 'second' };
        await writeFile(`${path}.first.next`, JSON.stringify(next));
      }
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => takeFileLock(path)));
      const locks = outcomes.flatMap((outcome) => ('lock' in outcome ? [outcome.lock] : []));
      expect(locks).toHaveLength(1);
      expect(await locks[0]!.held()).toBe(true);
      await locks[0]!.release();
      expect(await readdir(dir)).toEqual([]);
    }
  });

  it('is not taken from its new owner by the one that lost it', async () => {
    const lock = await taken();
    await left({ token: 'new' });
    expect(await lock.held()).toBe(false);
    await lock.release();
    expect(await readdir(dir)).toEqual(['run.lock']);
  });

  it.each<[what: string, changes: object, problem: string]>([
    ['leaves the folder', { token: '/../../victim' }, 'its token is "/../../victim"'],
    ['is too long for a name', { token: 'a'.repeat(300) }, `its token is "${'a'.repeat(59)}…`],
    ['has a NUL', { token: 'a\0' }, 'its token is "a\\u0000"'],
    ['is not there', { token: undefined }, 'its token is missing'],
    ['is a group of processes', { pid: -1 }, 'its pid is -1'],
    ['is no number', { pid: '1' }, 'its pid is "1"'],
    ['has an escape', { host: '\x1b[2J' }, 'its host is "\\u001b[2J"'],
    ['is no time', { since: '2026-99-99T00:00:00.000Z' }, 'its since is "2026-99-99T00:'],
    ['is no text', { machine: 1 }, 'its machine is 1'],
    ['is no start', { started: null }, 'its started is null'],
  ])('is refused where what it says of its owner %s', async (_, changes, problem) => {
    const victim = join(dir, 'victim.next');
    await writeFile(victim, 'precious');
    await left({ pid: await deadPid(), ...changes });
    const before = await readFile(path, 'utf8');
    await expect(takeFileLock(path)).rejects.toMatchObject({
      code: 'BAD_LOCK',
      sentence: expect.stringContaining(`${path} is no lock that Winnow wrote: ${problem}`),
    });
    expect(await readFile(path, 'utf8')).toBe(before);
    expect((await readdir(dir)).sort()).toEqual(['run.lock', 'victim.next']);
  });

  it.each<[what: string, make: () => unknown, problem: string]>([
    ['another text', () => writeFile(path, 'mine'), 'it is not JSON'],
    ['another value', () => writeFile(path, '5'), 'it holds 5 where an owner is to be'],
    ['endless', () => writeFile(path, ' '.repeat(5000)), 'it has 5000 bytes'],
    ['a folder', () => mkdir(path), 'it is a folder'],
    ['a link to nothing', () => symlink('nothing', path), 'it is a link'],
    ['a link to itself', () => symlink('run.lock', path), 'it is a link'],
    ['a pipe', () => spawnSync('mkfifo', [path]), 'it is a pipe'],
  ])('is refused at once where %s is in its place', async (_, make, problem) => {
    await make();
    await expect(takeFileLock(path)).rejects.toMatchObject({
      code: 'BAD_LOCK',
      sentence: `${path} is no lock that Winnow wrote: ${problem}.`,
    });
    expect(await readdir(dir)).toEqual(['run.lock']);
  });

  it('is written anew while its owner lives', async () => {
    const outcome = await takeFileLock(path, { beatMs: 1, staleMs: HOUR_MS });
    await utimes(path, 0, 0);
    while ((await stat(path)).mtimeMs === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(await takeFileLock(path)).toHaveProperty('heldBy.pid', process.pid);
    if ('lock' in outcome) await outcome.lock.release();
  });
});

it('does not hide what went wrong in the work that it was taken for', async () => {
  const work = async () => {
    await rm(path);
    await mkdir(path);
    throw new Error('It broke.');
  };
  const refuse = () => {
    throw new Error('Not held by another one here.');
  };
  await expect(whileLocked(path, refuse, work)).rejects.toThrow('It broke.');
});
