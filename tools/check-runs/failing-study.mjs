// Carries out a study of forty runs of which one always throws and one fills the memory that it may have: the other 38 are
// to finish, and the status is to say why those have not:
//   node tools/check-runs/failing-study.mjs
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RUNS, studyIn } from './study-of-forty.mjs';
import { winnow } from './winnow.mjs';

// Within the project, where what the plugin imports is installed.
const place = mkdtempSync(fileURLToPath(new URL('../../tools/out-tsc/', import.meta.url)));
writeFileSync(
  join(place, 'faulty.mjs'),
  `import { definePlugin } from '@winnow/plugin-api';
import { defineScoring } from '@winnow/pruners';
const faulty = defineScoring({
  name: 'faulty',
  summary: 'fails at some densities',
  score: ({ weights }) => weights.map(Math.abs),
});
const findTicket = async (context, options) => {
  if (context.density === 0.2 && context.seed === 1) throw new Error('this run always throws');
  const hoard = [];
  while (context.density === 0.1 && context.seed === 2) hoard.push(new Array(1e5).fill({}).map(() => ({})));
  return faulty.findTicket(context, options);
};
export default definePlugin({ name: 'faulty', components: [{ ...faulty, findTicket }] });
`,
);
const STUDY = `
plugins: [./faulty.mjs]
base: { dataset: digits, model: resnet8, batch-size: 128, epochs: 1, start: init }
axes: { method: [faulty, magnitude], density: [0.2, 0.1, 0.05, 0.02] }
seeds: 5
`;
const file = studyIn(place, '', STUDY);
process.env.NODE_OPTIONS = '--max-old-space-size=300';
const { status } = await winnow(['study', 'run', file, '--parallel', '2']).ended;
delete process.env.NODE_OPTIONS;
const { output } = await winnow(['study', 'status', file, '--json']).ended;
const { states, runs } = JSON.parse(output);
const failed = runs.filter(({ state }) => state === 'failed');
for (const { name, failure } of failed) console.log(`${name}: ${failure.reason}`);
console.log(`${states.done} of ${RUNS} done, ${states.failed} failed; exit code ${status}`);
const [thrown, killed] = failed.sort((a, b) => b.density - a.density);
const isTold =
  /this run always throws/.test(thrown?.failure.reason) &&
  killed?.failure.signal === 'SIGABRT' &&
  /heap out of memory/.test(killed?.failure.log.join('\n'));
rmSync(place, { recursive: true });
process.exit(states.done === RUNS - 2 && failed.length === 2 && isTold && status === 1 ? 0 : 1);
