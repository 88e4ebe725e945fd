// Makes up 10,000 finished runs with settings of their own and 1,000 lines of metrics each, and measures what lists them:
//   node benchmarks/many-runs.mjs [--runs 10000] [--passes 2]
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { RunFolder } from '@winnow/experiments';

const { values: options } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, passes: { type: 'string', default: '2' } },
});
const WINNOW = fileURLToPath(new URL('../apps/cli/bin/winnow.js', import.meta.url));
const DENSITIES = [0.5, 0.2, 0.1, 0.05, 0.02];
const SEEDS = 20;
const COMMANDS = [
  ['list', 'runs'],
  ['results', '--format', 'csv'],
  ['results', '--means', '--format', 'csv'],
  ['report'],
  ['report', '--out', 'report'],
];

const dir = mkdtempSync(join(tmpdir(), 'winnow-many-runs-'));
process.on('exit', () => rmSync(dir, { recursive: true, force: true }));

/** A real run, of which the others differ in rate, density and seed. */
const made =
  'run --dataset digits --model lenet --method magnitude --density 0.5 --epochs 2 --rewind-epochs 1';
execFileSync(process.execPath, [WINNOW, ...made.split(' '), '--out', join(dir, 'made')]);
const first = new RunFolder(join(dir, 'made'));
const [config, result] = [await first.readConfig(), await first.readResult()];
const metrics = join(dir, 'metrics.jsonl');
writeFileSync(metrics, '');
for (let step = 1; step <= 1000; step++)
  appendFileSync(
    metrics,
    `${JSON.stringify({ phase: 'train', step, epoch: 0, loss: 1 / step })}\n`,
  );

const runs = join(dir, 'runs');
for (let i = 0; i < Number(options.runs); i++) {
  const density = DENSITIES[Math.floor(i / SEEDS) % DENSITIES.length];
  const seed = i % SEEDS;
  const learningRate = 0.1 + Math.floor(i / SEEDS / DENSITIES.length) / 1000;
  const folder = new RunFolder(join(runs, `run-${i}`));
  await folder.claim({ ...config, density, seed, recipe: { ...config.recipe, learningRate } });
  await folder.writeResult({ ...result, density, seed, testAccuracy: 0.5 + (i % 97) / 200 });
  linkSync(metrics, join(folder.path, 'metrics.jsonl'));
}

for (let pass = 1; pass <= Number(options.passes); pass++)
  for (const words of COMMANDS) {
    const began = performance.now();
    const timed = ['-f', '%U %S %M', process.execPath, WINNOW, ...words, runs];
    const { status, stdout, stderr } = spawnSync('/usr/bin/time', timed, {
      encoding: 'utf8',
      cwd: dir,
      maxBuffer: 2 ** 28,
    });
    if (status !== 0) throw new Error(stderr);
    const seconds = (performance.now() - began) / 1000;
    const [user, system, kibibytes] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
    const mebibytes = kibibytes / 1024;
    const lines = stdout.trim().split('\n').length;
    console.log(
      `${words.join(' ')}: ${seconds.toFixed(1)} s, ${(user + system).toFixed(1)} s of CPU, ${mebibytes.toFixed(0)} MiB, ${lines} lines`,
    );
  }
