// Carries out a study of forty short runs, and another time kills it with SIGKILL, its workers with it, at random moments,
// and goes on: all runs are to be there with the same bits, and none that was done to be done again:
//   node tools/check-runs/kill-studies.mjs [--kills 5] [--parallel 2]
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences, folderBits } from './folder-bits.mjs';
import { RUNS, resultsIn, runsIn, studyIn } from './study-of-forty.mjs';
import { winnow } from './winnow.mjs';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '5' },
    parallel: { type: 'string', default: '2' },
  },
});
const place = mkdtempSync(join(tmpdir(), 'winnow-studies-'));
const [whole, killed] = ['whole', 'killed'].map((name) => join(place, name));
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const start = (folder) => winnow(['study', 'run', studyIn(folder), '--parallel', options.parallel]);

function killAll({ pid }) {
  const workers = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid);
  for (const own of [pid, ...workers.map(([worker]) => worker)]) {
    try {
      process.kill(own, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

mkdirSync(whole);
mkdirSync(killed);
const startedAt = performance.now();
const { status, errors } = await start(whole).ended;
if (status !== 0) throw new Error(errors);
const ms = performance.now() - startedAt;
const results = [...resultsIn(whole).values()];
const own = results
  .map(({ minutes }) => 60 * Object.values(minutes).reduce((sum, value) => sum + value, 0))
  .reduce((sum, seconds) => sum + seconds, 0);
const overhead = ((ms / 1000) * Number(options.parallel) - own) / RUNS;
console.log(
  `${results.length} runs in ${(ms / 1000).toFixed(1)} s by ${options.parallel} workers; of their phases ${own.toFixed(1)} s; the rest is ${overhead.toFixed(2)} s a run`,
);

let twice = 0;
for (let n = 0; n < Number(options.kills); n++) {
  const { child, ended } = start(killed);
  const moment = (0.15 + 0.4 * Math.random()) * ms;
  await Promise.race([wait(moment), ended]);
  killAll(child);
  await ended;
  const before = resultsIn(killed);
  console.log(`killed after ${Math.round(moment)} ms with ${before.size} of ${RUNS} runs done`);
  // What survives them, if anything, has a moment to show.
  await wait(200);
  for (const [run, { written }] of resultsIn(killed))
    if (before.has(run) && before.get(run).written !== written) twice++;
}
const before = resultsIn(killed);
const last = await start(killed).ended;
const after = resultsIn(killed);
for (const [run, { written }] of before) if (after.get(run).written !== written) twice++;
let same = 0;
for (const run of runsIn(whole)) {
  const other = join(killed, 'runs', basename(run));
  const different = differences(folderBits(run), folderBits(other));
  if (different.length === 0) same++;
  else console.log(`${basename(run)}: ${different.join(', ')}`);
}
rmSync(place, { recursive: true });
console.log(
  `${after.size} of ${RUNS} runs done, ${same} with the same bits, ${twice} done twice; exit code ${last.status}`,
);
process.exit(same === RUNS && twice === 0 && last.status === 0 ? 0 : 1);
