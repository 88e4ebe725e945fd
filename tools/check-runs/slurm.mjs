// Carries out studies on a Slurm that it starts: with the process that handed them over gone, beyond the time limit of a
// job, and cancelled, to the same bits as by processes of this machine:
//   node tools/check-runs/slurm.mjs
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { differences, folderBits } from './folder-bits.mjs';
import { startSlurm } from './local-slurm.mjs';
import { runsIn, studyIn } from './study-of-forty.mjs';
import { winnow } from './winnow.mjs';

const SHORT = `
base: { dataset: digits, model: resnet8, batch-size: 128, epochs: 2, rewind-epochs: 1, search-epochs: 1 }
axes: { method: [cts, magnitude], density: [0.2, 0.05] }
seeds: 2
`;
/** Longer on any machine than a job may take. */
const LONG = `
base: { dataset: digits, model: resnet8, batch-size: 128, epochs: 2000, start: init, method: magnitude, density: 0.1 }
seeds: SEEDS
`;
const SLURM = 'executor: { name: slurm, time: 1, grace-seconds: 10, poll-seconds: 1 }\n';

const place = mkdtempSync(join(tmpdir(), 'winnow-slurm-'));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const study = async (verb, file, ...flags) => {
  const { status, output, errors } = await winnow(['study', verb, file, '--json', ...flags]).ended;
  if (output === '') throw new Error(errors);
  return { status, ...JSON.parse(output) };
};
/** The study of a text, for Slurm and for this machine, each in a folder of its own. */
const both = (name, text) =>
  ['slurm', 'local'].map((where) => {
    const folder = join(place, name, where);
    mkdirSync(folder, { recursive: true });
    return { folder, file: studyIn(folder, where === 'slurm' ? SLURM : '', text) };
  });
const same = (one, other) =>
  runsIn(one.folder).filter((run) => {
    const reference = join(other.folder, 'runs', basename(run));
    return differences(folderBits(run), folderBits(reference)).length === 0;
  }).length;
const queued = () =>
  execFileSync('squeue', ['-h', '-r'], { encoding: 'utf8' }).trim().split('\n').filter(Boolean)
    .length;
/** How often tasks of Slurm's went back into its queue. */
const restarts = () =>
  [
    ...execFileSync('scontrol', ['show', 'job', '-o'], { encoding: 'utf8' }).matchAll(
      / Restarts=(\d+)/g,
    ),
  ]
    .map(([, times]) => Number(times))
    .reduce((sum, times) => sum + times, 0);

const results = [];
const tell = (isGood, what) => {
  results.push(isGood);
  console.log(`${isGood ? 'good' : 'BAD'}: ${what}`);
};

const stop = await startSlurm(join(place, 'slurm'));
try {
  const [short, shortHere] = both('short', SHORT);
  const left = await study('run', short.file, '--no-follow');
  let found = left;
  while (found.states.done !== 8 && queued() > 0) {
    await wait(500);
    found = await study('status', short.file);
  }
  found = await study('status', short.file);
  await study('run', shortHere.file);
  tell(
    (left.states.done ?? 0) < 8 && found.states.done === 8 && same(short, shortHere) === 8,
    `${left.states.done ?? 0} of 8 runs done when the process left, ${found.states.done} later, ${same(short, shortHere)} with the same bits`,
  );

  const [long, longHere] = both('long', LONG.replace('SEEDS', '1'));
  const before = restarts();
  const over = await study('run', long.file);
  const turns = restarts() - before + 1;
  await study('run', longHere.file);
  tell(
    over.states.done === 1 && turns > 1 && same(long, longHere) === 1,
    `a run beyond the time limit of its job is ${over.runs[0].state} after ${turns} turns, ${same(long, longHere)} of 1 with the same bits`,
  );

  const [many] = both('many', LONG.replace('SEEDS', '4'));
  await study('run', many.file, '--no-follow');
  while (((await study('status', many.file)).states.running ?? 0) === 0) await wait(500);
  const { told } = await study('cancel', many.file);
  const cancelledAt = performance.now();
  while (queued() > 0 && performance.now() - cancelledAt < 60_000) await wait(200);
  const seconds = ((performance.now() - cancelledAt) / 1000).toFixed(1);
  const rest = await study('status', many.file);
  const untouched = rest.states.running === undefined && rest.states.failed === undefined;
  tell(
    told === 4 && queued() === 0 && untouched,
    `${told} jobs told to stop, ${queued()} left ${seconds} s later: ${JSON.stringify(rest.states)}`,
  );
} finally {
  stop();
}
rmSync(place, { recursive: true });
process.exit(results.length === 3 && results.every(Boolean) ? 0 : 1);
