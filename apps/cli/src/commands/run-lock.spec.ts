import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { runWinnow, spawnWinnowIn } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const RUN = (
  'run --dataset digits --model resnet8 --method magnitude --start init --density 0.05 ' +
  '--epochs 1 --batch-size 512'
).split(' ');

let dir: string;
const at = (...path: string[]) => join(dir, ...path);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-run-lock-'));
  expect(await runWinnow(...RUN, '--out', at('finished'))).toMatchObject({ status: 0 });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** A copy of the finished run without some of its files. */
async function copy(name: string, ...without: readonly string[]): Promise<string> {
  await rm(at(name), { recursive: true, force: true });
  await cp(at('finished'), at(name), { recursive: true });
  for (const file of without) await rm(at(name, file));
  return at(name);
}

describe('a run folder that somebody works in', () => {
  it.each<[command: string, folder: string, without: string[], words: string[]]>([
    ['resume', '.', ['result.json'], []],
    ['freeze', '.', [], []],
    ['export', '.', [], ['--format', 'onnx']],
    ['check', 'checks/shuffle', [], ['--ablations', 'shuffle']],
    ['compare', '.', ['ticket.safetensors'], ['--objectives', 'loss']],
  ])('is refused to %s, which would write into %s', async (command, folder, without, words) => {
    const run = await copy('in-use', ...without);
    const where = command === 'compare' ? ['--out', at('compared')] : [];
    await new RunFolder(join(run, folder)).hold(async () => {
      const before = await readdir(join(run, folder));
      const { status, stdout, stderr } = await runWinnow(command, run, ...words, ...where);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr.split('\n').at(-2)).toMatch(
        new RegExp(`^error \\[RUN_IN_USE\\]: .*In ${join(run, folder)} process ${process.pid} on `),
      );
      expect(await readdir(join(run, folder))).toEqual(before);
    });
  });
});

describe('a run.lock that is none', () => {
  const OWNER = {
    host: 'here',
    pid: 1,
    since: '2026-01-01T00:00:00.000Z',
    machine: 'elsewhere',
    token: 'a',
  };
  const saying = (changes: object) => (path: string) =>
    writeFile(path, JSON.stringify({ ...OWNER, ...changes }));

  it.each<[what: string, make: (path: string) => unknown, problem: string]>([
    ['a token that leaves the folder', saying({ token: '/../../victim' }), 'its token is'],
    ['a token of 300 characters', saying({ token: 'a'.repeat(300) }), 'its token is'],
    ['a token with a NUL', saying({ token: 'a\0' }), 'its token is'],
    ['a process of no number', saying({ pid: '1' }), 'its pid is "1"'],
    ['other text', (path) => writeFile(path, 'mine'), 'it is not JSON'],
    ['a link to nothing', (path) => symlink('nothing', path), 'it is a link'],
    ['a folder', (path) => mkdir(path), 'it is a folder'],
    ['a pipe', (path) => spawnSync('mkfifo', [path]), 'it is a pipe'],
  ])('ends a command at once: %s', async (_, make, problem) => {
    const run = await copy('locked', 'result.json');
    await writeFile(at('victim.next'), 'precious');
    await make(join(run, 'run.lock'));
    const { status, stderr } = await runWinnow('resume', run);
    expect(stderr).toContain(`error [BAD_LOCK]: ${join(run, 'run.lock')} is no lock that`);
    expect(stderr).toContain(problem);
    expect(stderr).toContain('If no process works in its folder, remove it.');
    expect(status).toBe(1);
    expect(await readFile(at('victim.next'), 'utf8')).toBe('precious');
    await rm(join(run, 'run.lock'), { recursive: true });
    expect(await runWinnow('resume', run)).toMatchObject({ status: 0 });
  });
});

describe('a pipe in the place of a file of a run', () => {
  it.each([
    ['inspect', 'config.json'],
    ['report', 'config.json'],
    ['resume', 'config.json'],
    ['report', 'result.json'],
    ['inspect', 'ticket.safetensors'],
  ])('is not waited for by %s: %s', async (command, file) => {
    const run = await copy('piped', file);
    spawnSync('mkfifo', [join(run, file)]);
    const { status, stderr } = await spawnWinnowIn(dir, command, run);
    expect(stderr).toMatch(/^error \[FILE_NOT_READABLE\]: /);
    expect(stderr).toContain(join(run, file));
    expect(stderr).toMatch(/Take it away, or bring the file back\.|Give a ticket file/);
    expect(status).toBe(1);
  });
});
