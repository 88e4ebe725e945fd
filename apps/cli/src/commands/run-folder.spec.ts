import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runWinnow, spawnWinnowIn } from '../testing/run-winnow.ts';

jest.setTimeout(120_000);

const WINNOW = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
const DIGITS = '--dataset digits --model resnet8 --method random --start init'.split(' ');
const SHORT = [...DIGITS, '--density', '0.05', '--epochs', '1', '--batch-size', '128'];
/** Until it is told to stop. */
const LONG = [...DIGITS, '--density', '0.05', '--epochs', '100000', '--checkpoint-seconds', '0.1'];
/** Whom rights stop: this user, or nobody in the place of root. */
const STOPPABLE = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const isStoppable =
  process.platform !== 'win32' &&
  spawnSync(process.execPath, [WINNOW, '--version'], STOPPABLE).status === 0;

const INDEX = new URL('../../dist/index.js', import.meta.url).href;
/** Carries out commands one after another. */
const ALL = `
import { executeHere, memoryConsole, run } from '${INDEX}';
const outcomes = [];
for (const words of JSON.parse(process.argv[1])) {
  const own = { console: memoryConsole(), progress: false };
  const code = await run(words, { ...own, execute: executeHere(own) });
  outcomes.push({ code, stderr: own.console.written.notes });
}
console.log(JSON.stringify(outcomes));`;

/** What comes of commands in one process of whom rights stop. */
async function stopped(commands: readonly (readonly string[])[]) {
  const words = ['--input-type=module', '-e', ALL, JSON.stringify(commands)];
  const { stdout } = await promisify(execFile)(process.execPath, words, STOPPABLE);
  return JSON.parse(stdout) as { code: number; stderr: string }[];
}

let dir: string;
const at = (...path: string[]) => join(dir, ...path);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-run-folder-'));
  expect(await runWinnow('run', ...SHORT, '--out', at('finished'))).toMatchObject({ status: 0 });
});
afterAll(() => rm(dir, { recursive: true, force: true }));

function begin(out: string): { child: ChildProcess; ended: Promise<number | string | null> } {
  const child = spawn(process.execPath, [WINNOW, 'run', ...LONG, '--out', out], {
    stdio: 'ignore',
  });
  return {
    child,
    ended: new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code))),
  };
}

async function appears(path: string, child: ChildProcess): Promise<void> {
  while (!existsSync(path)) {
    if (child.exitCode !== null) throw new Error(`It ended (${child.exitCode}) before ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run folder that a process works in', () => {
  const CHECKPOINT = 'checkpoint/train.safetensors';

  it('is refused to a second one, is free once that is hung up, and taken over where it was killed', async () => {
    const out = at('worked-in');
    const first = begin(out);
    await appears(join(out, CHECKPOINT), first.child);
    for (const command of [
      ['resume', out],
      ['run', ...LONG, '--out', out],
    ]) {
      const { status, stdout, stderr } = await spawnWinnowIn(dir, ...command);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(
          `^error \\[RUN_IN_USE\\]: In .* process ${first.child.pid} on .* since 20.*\\n$`,
        ),
      );
    }
    first.child.kill('SIGHUP');
    expect(await first.ended).toBe(130);
    expect(existsSync(join(out, 'run.lock'))).toBe(false);
    const steps = async () =>
      (await readFile(join(out, 'metrics.jsonl'), 'utf8')).trim().split('\n').length;
    const before = await steps();

    await rm(join(out, 'timings.json'));
    const second = begin(out);
    await appears(join(out, 'timings.json'), second.child);
    expect(await steps()).toBeGreaterThan(before);
    second.child.kill('SIGKILL');
    expect(await second.ended).toBe('SIGKILL');
    expect(existsSync(join(out, 'run.lock'))).toBe(true);
    await rm(join(out, 'timings.json'));
    const third = begin(out);
    await appears(join(out, 'timings.json'), third.child);
    third.child.kill('SIGTERM');
    expect(await third.ended).toBe(130);
  });
});

describe('a finished run', () => {
  const copy = async (name: string) => {
    await cp(at('finished'), at(name), { recursive: true });
    return at(name);
  };
  const expectError = async (args: readonly string[], code: string, problem: RegExp) => {
    const { status, stderr } = await runWinnow(...args);
    expect(stderr.split('\n').at(-2)).toMatch(new RegExp(`^error \\[${code}\\]: `));
    expect(stderr).toMatch(problem);
    expect(status).toBe(1);
  };

  it.each(['null', '{}', '[]', '5', '{"minutes":null}', '{"__proto__":{"polluted":1}}'])(
    'whose result.json is %s is refused by every command that reads it',
    async (text) => {
      const run = await copy('bad-result');
      await writeFile(join(run, 'result.json'), text);
      for (const args of [
        ['report', run],
        ['run', ...SHORT, '--out', run],
        ['resume', run],
        ['freeze', run],
      ])
        await expectError(args, 'BAD_RUN', /result\.json.* `winnow resume` evaluates/);
      await rm(join(run, 'result.json'));
      expect(await runWinnow('resume', run)).toMatchObject({ status: 0 });
    },
  );

  it('says what else of it is broken', async () => {
    const run = await copy('broken');
    for (const [name, text, args] of [
      ['rounds/01.json', 'null', ['report', run, '--accuracy', 'validation']],
      ['rounds/01.json', '{"round":1}', ['report', run, '--accuracy', 'validation']],
      ['objectives.json', 'null', ['compare', run, '--objectives', 'loss', '--out', at('x')]],
    ] as const) {
      await mkdir(join(run, 'rounds'), { recursive: true });
      await writeFile(join(run, name), text);
      await expectError(args, 'BAD_RUN', new RegExp(name));
      await rm(join(run, name));
    }
    await rm(join(run, 'result.json'));
    await writeFile(join(run, 'timings.json'), '{"train":1}');
    await expectError(['resume', run], 'BAD_RUN', /timings\.json/);
  });

  it('does not begin where its configuration was edited, and runs no code that was put in', async () => {
    const run = await copy('edited');
    const path = join(run, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(join(run, 'mine.mjs'), `throw new Error('code ran');`);
    const plugins = [{ name: 'x', specifier: join(run, 'mine.mjs'), sha256: '0'.repeat(64) }];
    await writeFile(path, JSON.stringify({ ...config, plugins }));
    for (const command of ['resume', 'freeze', 'inspect', 'compare', 'check', 'report'])
      await expectError([command, run], 'RUN_EDITED', /config\.json was changed/);
  });

  (isStoppable ? it : it.skip)('serves what reads it where it cannot be written', async () => {
    const run = await copy('read-only');
    await chmod(run, 0o555);
    await chmod(dir, 0o777);
    const before = await readdir(run);
    const served = [
      ['report', run],
      ['inspect', run],
      ['run', ...SHORT, '--out', run],
      ['resume', run],
      ['resume', run, '--until', 'ticket'],
      ['freeze', run, '--out', at('frozen.safetensors')],
      ['export', run, '--format', 'safetensors', '--out', at('exported.safetensors')],
      ['compare', run, '--objectives', 'loss', '--out', at('compared')],
      ['check', run, '--ablations', 'shuffle', '--out', at('checked')],
    ];
    const lacking = [
      ['freeze', run],
      ['export', run, '--format', 'safetensors'],
      ['check', run, '--ablations', 'shuffle'],
    ];
    // The second of two, before anything is trained beside the first.
    const other = at('checked', 'density0.05', 'seed2');
    const second = ['check', other, run, '--ablations', 'invert'];
    const outcomes = await stopped([...served, ...lacking, second]);
    for (const [i, args] of served.entries()) {
      const { code, stderr } = outcomes[i]!;
      expect([args, code, stderr.includes('error')]).toEqual([args, 0, false]);
    }
    for (const { code, stderr } of outcomes.slice(served.length, -1)) {
      expect(stderr).toMatch(/error \[FILE_NOT_WRITABLE\]: .* lack the right .* --out/);
      expect(code).toBe(1);
    }
    expect(outcomes.at(-1)!.stderr).toContain(`[FILE_NOT_WRITABLE]: Cannot write ${run}`);
    expect(await readdir(join(other, 'checks'))).toEqual(['shuffle']);
    expect(await readdir(run)).toEqual(before);
    await chmod(run, 0o755);
  });
});
