// Starts the program twice at once in one folder, again and again: one is to run, the other to be told, and no step to be
// written twice:
//   node tools/check-runs/two-processes.mjs [--rounds 20]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { winnow } from './winnow.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const place = mkdtempSync(join(tmpdir(), 'winnow-two-'));
const HOW =
  'run --dataset digits --model resnet8 --batch-size 128 --density 0.05 --epochs 2 --rewind-epochs 1 --search-epochs 1 --checkpoint-seconds 0.1';

let good = 0;
const rounds = Number(options.rounds);
for (let round = 0; round < rounds; round++) {
  const out = join(place, String(round));
  const args = [...HOW.split(' '), '--out', out];
  const outcomes = await Promise.all([winnow(args), winnow(args)].map(({ ended }) => ended));
  const told = outcomes.filter(({ errors }) => errors.includes('error [RUN_IN_USE]'));
  const lines = readFileSync(join(out, 'metrics.jsonl'), 'utf8').trim().split('\n').slice(1);
  const steps = new Set(lines.map((line) => `${JSON.parse(line).phase} ${JSON.parse(line).step}`));
  const codes = outcomes
    .map(({ status }) => status)
    .sort()
    .join(' ');
  const isGood = codes === '0 1' && told.length === 1 && steps.size === lines.length;
  if (isGood) good++;
  console.log(
    `round ${round + 1}: exit codes ${codes}, ${told.length} told, ${lines.length} lines of ${steps.size} steps`,
  );
}
rmSync(place, { recursive: true });
console.log(`${good} of ${rounds}: one runs, one is told, no line twice`);
process.exit(good === rounds ? 0 : 1);
