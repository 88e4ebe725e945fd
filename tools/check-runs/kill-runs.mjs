// Kills the program with SIGKILL at random moments of a run of cts, one of ltr, a comparison and a check, starts it again, and
// compares every file with those of one that was never killed:
//   node tools/check-runs/kill-runs.mjs [--kills 30] [--only cts]
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { differences, folderBits } from './folder-bits.mjs';
import { winnow } from './winnow.mjs';

const { values: options } = parseArgs({
  options: { kills: { type: 'string', default: '30' }, only: { type: 'string', default: '' } },
});
const place = mkdtempSync(join(tmpdir(), 'winnow-kill-'));
const folder = join(place, 'work');
const checked = join(place, 'checked');
const DIGITS = '--dataset digits --model resnet8 --batch-size 128'.split(' ');
const RUN = ['run', ...DIGITS, ...'--density 0.05 --epochs 3 --rewind-epochs 1'.split(' ')];
const OFTEN = ['--checkpoint-seconds', '0.1'];

const works = [
  { name: 'cts', args: [...RUN, '--search-epochs', '2', ...OFTEN, '--out', folder] },
  {
    name: 'ltr',
    args: [...RUN, '--method', 'ltr', '--rate', '0.6', ...OFTEN, '--out', folder],
  },
  {
    name: 'compare',
    args: [
      'compare',
      ...DIGITS,
      ...'--methods cts,snip --objectives loss --density 0.05 --epochs 2 --start rewind --rewind-epochs 1'.split(
        ' ',
      ),
      ...'--search-epochs 1 --parallel 2 --out'.split(' '),
      folder,
    ],
  },
  {
    name: 'check',
    begin: () => cpSync(checked, folder, { recursive: true }),
    args: ['check', folder, '--seeds', '3', '--ablations', 'shuffle', '--parallel', '2'],
  },
].filter(({ name }) => name.includes(options.only));

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function fresh({ begin }) {
  rmSync(folder, { recursive: true, force: true });
  begin?.();
}

/** The processes that one has started. */
function childrenOf(pid) {
  try {
    const listed = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
    return listed.trim().split(/\s+/).map(Number);
  } catch {
    return [];
  }
}

/** Kills it, with or without those that it started, which save their state then and end. */
function kill(child, withChildren) {
  const all = [child.pid, ...(withChildren ? childrenOf(child.pid) : [])];
  for (const pid of all) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

/** To its end; runs whose processes outlive the one that started them are waited for. */
async function finish(args) {
  for (let tries = 0; tries < 100; tries++) {
    const { status, errors } = await winnow(args).ended;
    if (status === 0) return;
    if (!errors.includes('RUN_IN_USE')) throw new Error(errors);
    await wait(200);
  }
  throw new Error('A run stays in use.');
}

if (works.some(({ name }) => name === 'check')) {
  await finish([
    'run',
    ...DIGITS,
    ...'--density 0.05 --epochs 2 --start init --method snip --out'.split(' '),
    checked,
  ]);
}
const whole = new Map();
for (const work of works) {
  fresh(work);
  const startedAt = performance.now();
  await finish(work.args);
  whole.set(work, { bits: folderBits(folder), ms: performance.now() - startedAt });
}

let same = 0;
const kills = Number(options.kills);
for (let n = 0; n < kills; n++) {
  const work = works[n % works.length];
  const { bits, ms } = whole.get(work);
  fresh(work);
  const { child, ended } = winnow(work.args);
  const moment = Math.random() * ms;
  await Promise.race([wait(moment), ended]);
  kill(child, Math.random() < 0.5);
  const { status } = await ended;
  await finish(work.args);
  const different = differences(bits, folderBits(folder));
  if (different.length === 0) same++;
  const what = different.length === 0 ? 'the same bits' : `other: ${different.join(', ')}`;
  console.log(
    `${work.name}, ${status === 'SIGKILL' ? 'killed' : 'over'} after ${Math.round(moment)} of ${Math.round(ms)} ms: ${what}`,
  );
}
rmSync(place, { recursive: true });
console.log(`${same} of ${kills} to the same bits`);
process.exit(same === kills ? 0 : 1);
