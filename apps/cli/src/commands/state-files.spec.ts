import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { forgeConfig } from '../testing/forge-config.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(60_000);

const WINNOW = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
const RUN =
  'run --dataset digits --model lenet --start init --density 0.3 --epochs 1 --batch-size 512'.split(
    ' ',
  );
const METHODS = ['magnitude', 'ltr'];

let dir: string;
const at = (...path: string[]) => join(dir, ...path);
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-state-files-'));
  for (const method of METHODS)
    for (const seed of ['1', '2']) {
      const own = ['--method', method, '--seed', seed, '--out', at(method + seed)];
      expect(await runWinnow(...RUN, ...own)).toMatchObject({ status: 0 });
    }
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** Changes a file so that it is still read as what it was. */
async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  // Of JSON a digit, of tensors the last bit.
  const place = path.endsWith('.json') ? bytes.indexOf('"kept":') + 7 : bytes.length - 1;
  bytes[place]! ^= 1;
  await writeFile(path, bytes);
}

/** A run that resumes at the file, made of a finished one. */
const STAGES: Readonly<Record<string, (run: string) => Promise<string[]>>> = {
  // Trained, and not evaluated.
  async trained(run) {
    await rm(join(run, 'result.json'));
    return ['resume', run];
  },
  // Of a sanity check, whose ticket is made of the run's scores.
  async inverted(run) {
    const own = join(run, 'checks/invert');
    await mkdir(own, { recursive: true });
    await cp(join(run, 'config.json'), join(own, 'config.json'));
    await forgeConfig(own, (config) => ({ ...config, ablation: 'invert' }));
    return ['resume', own];
  },
  reported: (run) => Promise.resolve(['report', run, '--accuracy', 'validation']),
};

describe.each<[file: string, method: string, stage: string, damaged: string]>([
  ['start.safetensors', 'magnitude', 'trained', 'BAD_CHECKSUM'],
  ['ticket.safetensors', 'magnitude', 'trained', 'BAD_CHECKSUM'],
  ['weights.safetensors', 'magnitude', 'trained', 'BAD_CHECKSUM'],
  ['scores.safetensors', 'magnitude', 'inverted', 'BAD_CHECKSUM'],
  ['rounds/01.json', 'ltr', 'reported', 'BAD_RUN'],
])('%s of a run of %s that is %s', (file, method, stage, damaged) => {
  const [one, other] = [`${method}1`, `${method}2`];

  it.each<[what: string, change: (path: string) => Promise<void>, code: string]>([
    ['with a flipped bit', flip, damaged],
    ['of another run', (path) => cp(at(other, file), path), 'FOREIGN_FILE'],
  ])('is refused %s', async (_, change, code) => {
    const run = at('run');
    await rm(run, { recursive: true, force: true });
    await cp(at(one), run, { recursive: true });
    const words = await STAGES[stage]!(run);
    await change(join(run, file));
    const { status, stdout, stderr } = await runWinnow(...words);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    const last = stderr.split('\n').at(-2)!;
    expect(last.startsWith(`error [${code}]: ${join(run, file)} `)).toBe(true);
    expect(last).toMatch(/ Remove it[,;] /);
  });
});

describe('the state of a search in rounds', () => {
  const FILE = 'checkpoint/search.safetensors';

  /** Begins a search that would take hours, and kills it once it has kept its state. */
  async function killed(name: string, seed: string): Promise<void> {
    const long = ['--method', 'ltr', '--epochs', '100000', '--checkpoint-seconds', '0.1'];
    const words = [...RUN, ...long, '--seed', seed, '--out', at(name)];
    const child = spawn(process.execPath, [WINNOW, ...words], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(at(name, FILE))) {
      if (child.exitCode !== null)
        throw new Error(`It ended (${child.exitCode}) before its state.`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill('SIGKILL');
    await ended;
  }

  it('is refused with a flipped bit, and of another run', async () => {
    await killed('searching', '1');
    await killed('other', '2');
    const path = at('searching', FILE);
    await flip(path);
    const expectRefusal = async (code: string) => {
      const { status, stderr } = await runWinnow('resume', at('searching'));
      expect(stderr.split('\n').at(-2)).toContain(`error [${code}]: ${path} `);
      expect(status).toBe(1);
    };
    await expectRefusal('BAD_CHECKSUM');
    await cp(at('other', FILE), path);
    await expectRefusal('CHECKPOINT_MISMATCH');
  });
});
