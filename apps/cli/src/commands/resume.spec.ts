import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runWinnow } from '../testing/run-winnow.ts';

const WINNOW = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
const RUN = (
  'run --dataset digits --model resnet8 --density 0.0025 --epochs 40 --rewind-epochs 2 ' +
  '--search-epochs 2 --batch-size 64 --seed 5 --json --checkpoint-seconds'
).split(' ');
const MINUTE_MS = 60_000;

let dir: string;
const backends = process.env['WINNOW_BACKENDS'];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-resume-'));
});
afterAll(async () => {
  if (backends === undefined) delete process.env['WINNOW_BACKENDS'];
  else process.env['WINNOW_BACKENDS'] = backends;
  await rm(dir, { recursive: true, force: true });
});

function start(checkpointSeconds: number, out: string): ChildProcess {
  const args = [WINNOW, ...RUN, String(checkpointSeconds), '--out', join(dir, out)];
  return spawn(process.execPath, args, { stdio: 'ignore' });
}

function ended(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => child.on('close', (code, signal) => resolve(signal ?? code)));
}

async function appears(path: string, child: ChildProcess): Promise<void> {
  while (!existsSync(path)) {
    if (child.exitCode !== null)
      throw new Error(`The run ended (${child.exitCode}) before ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a run that is stopped', () => {
  it(
    'ends with the bits of one that is not, and its folder is then done',
    async () => {
      const whole = ended(start(1e6, 'whole'));
      // Killed in each phase once it has written a checkpoint, and interrupted in the last.
      for (const [phase, signal] of [
        ['pretrain', 'SIGKILL'],
        ['search', 'SIGKILL'],
        ['train', 'SIGINT'],
      ] as const) {
        const stopped = start(0.1, 'stopped');
        const end = ended(stopped);
        await appears(join(dir, 'stopped', 'checkpoint', `${phase}.safetensors`), stopped);
        stopped.kill(signal);
        expect(await end).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 130);
        expect(existsSync(join(dir, 'stopped', 'result.json'))).toBe(false);
      }
      expect(await ended(start(0.1, 'stopped'))).toBe(0);
      expect(await whole).toBe(0);
      for (const file of ['start', 'ticket', 'weights'].map((name) => `${name}.safetensors`)) {
        const [expected, actual] = await Promise.all(
          ['whole', 'stopped'].map((run) => readFile(join(dir, run, file))),
        );
        expect([file, actual!.equals(expected!)]).toEqual([file, true]);
      }
      const metrics = (run: string) => readFile(join(dir, run, 'metrics.jsonl'), 'utf8');
      expect(await metrics('stopped')).toBe(await metrics('whole'));

      const result = await readFile(join(dir, 'whole', 'result.json'));
      const words = [...RUN.filter((word) => word !== '--json'), '1e6'];
      const again = await runWinnow(...words, '--out', join(dir, 'whole'));
      expect(again.stdout).toMatch(/^finished before; nothing was computed now\ntest accuracy /);
      expect(again.stderr).toMatch(/^note: the search had not settled: .*\n$/);
      expect(await readFile(join(dir, 'whole', 'result.json'))).toEqual(result);
    },
    10 * MINUTE_MS,
  );

  it('goes on with another backend where it is told to, with what the first has found', async () => {
    const out = join(dir, 'moved');
    const run = 'run --dataset digits --model lenet --method magnitude --density 0.1 --epochs 2';
    const how = ['--rewind-epochs', '1', '--out', out, '--backend'];
    const begun = await runWinnow(...run.split(' '), '--until', 'ticket', ...how, 'wasm');
    expect(begun.status).toBe(0);
    const ticket = await readFile(join(out, 'ticket.safetensors'));
    const { status, stdout } = await runWinnow('resume', out, '--backend', 'cpu', '--json');
    expect(status).toBe(0);
    expect(await readFile(join(out, 'ticket.safetensors'))).toEqual(ticket);
    const { environments } = JSON.parse(stdout) as { environments: { backend: string }[] };
    expect(environments.map(({ backend }) => backend)).toEqual(['wasm', 'cpu']);
    expect((await runWinnow('resume', out, '--backend', 'auto')).status).toBe(0);
    const found = await runWinnow('resume', out, '--until', 'ticket', '--backend', 'cpu');
    expect(found.stdout).toMatch(/^found before; nothing was computed now\n[\d,]+ of /);
    // Not installed, and not needed any more.
    process.env['WINNOW_BACKENDS'] = '/nonexistent';
    const done = await runWinnow('resume', out, '--backend', 'tensorflow-gpu');
    expect(done.stdout).toMatch(/^finished before; nothing was computed now\ntest accuracy /);
    const unknown = await runWinnow('resume', out, '--backend', 'webgp');
    expect(unknown.stderr).toMatch(/^error \[UNKNOWN_NAME\]: .*Did you mean "webgpu"\?/);
  });
});
