import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { forgeConfig } from '../testing/forge-config.ts';
import { runWinnow } from '../testing/run-winnow.ts';

jest.setTimeout(120_000);

const WINNOW = fileURLToPath(new URL('../../bin/winnow.js', import.meta.url));
const RUN = 'run --dataset digits --model resnet8 --epochs 1 --batch-size 128 --start init'.split(
  ' ',
);

let dir: string;
let run: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'winnow-check-'));
  run = join(dir, 'run');
  const words = '--method magnitude --density 0.05 --seed 7 --until ticket'.split(' ');
  const { status, stderr } = await runWinnow(...RUN, ...words, '--out', run);
  if (status !== 0) throw new Error(stderr);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

interface Summary {
  densities: {
    seeds: number[];
    accuracies: number[];
    checks: { ablation: string; verdict: string; accuracies: number[]; difference: number }[];
  }[];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

async function accuracy(folder: string): Promise<number> {
  const result = JSON.parse(await readFile(join(folder, 'result.json'), 'utf8')) as {
    testAccuracy: number;
  };
  return result.testAccuracy;
}

describe('winnow check', () => {
  it('goes on after Ctrl-C, and compares runs that it leaves in their folders', async () => {
    const words = ['check', run, '--ablations', 'shuffle', '--parallel', '2', '--json'];
    expect(existsSync(join(run, 'result.json'))).toBe(false);
    const stopped = spawn(process.execPath, [WINNOW, ...words], { stdio: 'ignore' });
    const status = new Promise((resolve) => stopped.on('close', resolve));
    while (!existsSync(join(run, 'result.json')) && stopped.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    stopped.kill('SIGINT');
    expect(await status).toBe(130);
    const finished = await readFile(join(run, 'result.json'));
    expect(existsSync(join(run, 'checks/check.json'))).toBe(false);

    const outcome = await runWinnow(...words);
    expect(outcome.status).toBe(0);
    expect(await readFile(join(run, 'result.json'))).toEqual(finished);
    const [point] = (JSON.parse(outcome.stdout) as Summary).densities;
    expect(point!.seeds).toEqual([7, 8, 9]);
    const replicates = [run, join(run, 'checks/seed8'), join(run, 'checks/seed9')];
    expect(point!.accuracies).toEqual(await Promise.all(replicates.map(accuracy)));
    const [shuffle] = point!.checks;
    expect(shuffle!.accuracies).toEqual(
      await Promise.all(replicates.map((path) => accuracy(join(path, 'checks/shuffle')))),
    );
    expect(shuffle!.difference).toBeCloseTo(
      mean(point!.accuracies) - mean(shuffle!.accuracies),
      12,
    );
    const written = await readFile(join(run, 'checks/check.json'), 'utf8');
    expect(JSON.parse(written)).toEqual({
      format: 1,
      ...(JSON.parse(outcome.stdout) as Summary),
    });
    for (const file of ['check.png', 'report.html'])
      expect(existsSync(join(run, 'checks', file))).toBe(true);
    // From the run's page to its checks', and back.
    expect(await readFile(join(run, 'report.html'), 'utf8')).toContain('href="checks/report.html"');
    const page = await readFile(join(run, 'checks/report.html'), 'utf8');
    expect(page).toContain('href="../report.html"');
  });

  it('works where --out says, with what is done already, and leaves the run as it is', async () => {
    const out = join(dir, 'elsewhere');
    const listed = async () => (await readdir(run, { recursive: true })).sort();
    const before = await listed();
    const own = await readFile(join(run, 'checks/check.json'));
    await rm(join(run, 'checks/seed9'), { recursive: true });
    const changed = await listed();
    const words = ['check', run, '--ablations', 'shuffle', '--out', out, '--json'];
    const { status, stdout } = await runWinnow(...words);
    expect(status).toBe(0);
    expect({ format: 1, ...(JSON.parse(stdout) as Summary) }).toEqual(JSON.parse(String(own)));
    expect(await readFile(join(out, 'check.json'))).toEqual(own);
    expect(await listed()).toEqual(changed);
    expect(before.length).toBeGreaterThan(changed.length);

    const place = join(out, 'density0.05');
    expect((await readdir(place)).sort()).toEqual(['seed7', 'seed8', 'seed9']);
    const same = async (path: string, name: string) => {
      const own = join(run, path.replace(/^seed7/, '').replace('seed8', 'checks/seed8'), name);
      const [there, here] = await Promise.all(
        [join(place, path, name), own].map((it) => readFile(it)),
      );
      expect([path, name, there!.equals(here!)]).toEqual([path, name, true]);
    };
    for (const path of ['seed7', 'seed8', 'seed7/checks/shuffle', 'seed8/checks/shuffle'])
      for (const name of ['ticket.safetensors', 'weights.safetensors', 'result.json'])
        await same(path, name);
    const written = await readFile(join(place, 'seed9/result.json'));
    expect((await runWinnow(...words)).stdout).toBe(stdout);
    expect(await readFile(join(place, 'seed9/result.json'))).toEqual(written);
  });

  it('takes the ticket in a run folder for the run', async () => {
    const { status, stdout } = await runWinnow(
      'check',
      join(run, 'ticket.safetensors'),
      '--ablations',
      'shuffle',
    );
    expect(status).toBe(0);
    expect(stdout).toContain('shuffled');
    expect(stdout).toMatch(/[01] of 1 checks passed/);
  });

  it('says what cannot be checked', async () => {
    const error = async (...words: string[]) => (await runWinnow('check', ...words)).stderr;
    expect(await error(join(dir, 'nowhere'))).toContain('[NOT_A_RUN]');
    expect(await error(dir)).toContain(`There is no run in ${dir}. Give the run in it, ${run}.`);
    await writeFile(join(dir, 'ticket.safetensors'), '');
    expect(await error(join(dir, 'ticket.safetensors'))).toMatch(
      /lies in no run folder.*Give the folder that/,
    );
    const others = join(dir, 'others');
    for (const name of ['model', 'first', 'second'])
      await mkdir(join(others, name), { recursive: true });
    await writeFile(join(others, 'model/config.json'), '{"architectures": []}');
    for (const name of ['first', 'second'])
      await cp(join(run, 'config.json'), join(others, name, 'config.json'));
    expect(await error(others)).toContain(
      `Give one of the 2 runs in it, such as ${join(others, 'first')}.`,
    );
    expect(await error(run, '--ablations', 'shufle')).toContain('There is no ablation "shufle"');
    expect(await error(run, '--seeds', '2')).toContain('2 seeds tell nothing of chance');
    expect(await error(join(run, 'checks/shuffle'))).toContain('an ablation itself');
    await rm(join(run, 'scores.safetensors'));
    const untouched = join(dir, 'untouched');
    await cp(run, untouched, { recursive: true });
    for (const path of ['checks', 'result.json'])
      await rm(join(untouched, path), { recursive: true });
    expect(await error(untouched, '--ablations', 'shuffle, invert')).toContain('[NO_SCORES]');
    await rm(join(untouched, 'ticket.safetensors'));
    await forgeConfig(untouched, (known) => ({ ...known, start: 'rewind', rewindEpochs: 1 }));
    expect(await error(untouched, '--ablations', 'reinitialise')).toMatch(
      /\[INVALID_OPTION\].*no fresh ones of that kind/,
    );
    // Nothing is trained before these.
    expect(existsSync(join(untouched, 'checks'))).toBe(false);
    expect(existsSync(join(untouched, 'result.json'))).toBe(false);
    expect(await error(run, '--ablations', 'invert')).toMatch(/\[NO_SCORES\].*no scores to invert/);
    expect(await error(run)).toContain(
      `note: density 0.05: invert is skipped: ${run} has no scores to invert its ticket by. `,
    );
  });
});
