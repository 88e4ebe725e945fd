// Carries out one study twice at once in one folder, again and again: each search is to be done once, and both are to end
// well:
//   node tools/check-runs/two-studies.mjs [--rounds 20]
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { resultsIn, studyIn } from './study-of-forty.mjs';
import { winnow } from './winnow.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '20' } } });
const place = mkdtempSync(fileURLToPath(new URL('../../tools/out-tsc/', import.meta.url)));
const count = join(place, 'count');
writeFileSync(
  join(place, 'counted.mjs'),
  `import { appendFileSync } from 'node:fs';
import { definePlugin } from '@winnow/plugin-api';
import { magnitude } from '@winnow/pruners';
const findTicket = async (context, options) => {
  appendFileSync(${JSON.stringify(count)}, context.density + ' ' + context.seed + '\\n');
  return magnitude.findTicket(context, options);
};
export default definePlugin({ name: 'counted', components: [{ ...magnitude, name: 'counted', findTicket }] });
`,
);
const STUDY = `
plugins: [../counted.mjs]
base: { dataset: digits, model: lenet, batch-size: 128, epochs: 1, start: init, method: counted }
axes: { density: [0.2, 0.1, 0.05, 0.02] }
seeds: 2
`;

let good = 0;
const rounds = Number(options.rounds);
for (let round = 0; round < rounds; round++) {
  const folder = join(place, String(round));
  mkdirSync(folder);
  writeFileSync(count, '');
  const args = ['study', 'run', studyIn(folder, '', STUDY), '--parallel', '2'];
  const outcomes = await Promise.all([winnow(args), winnow(args)].map(({ ended }) => ended));
  const searches = readFileSync(count, 'utf8').trim().split('\n');
  const codes = outcomes.map(({ status }) => status).join(' ');
  const once = searches.length === 8 && new Set(searches).size === 8;
  const done = resultsIn(folder).size;
  if (codes === '0 0' && once && done === 8) good++;
  else for (const { errors } of outcomes) console.log(errors);
  console.log(
    `round ${round + 1}: exit codes ${codes}, ${searches.length} searches, ${done} of 8 done`,
  );
}
rmSync(place, { recursive: true });
console.log(`${good} of ${rounds}: both end, every run once`);
process.exit(good === rounds ? 0 : 1);
