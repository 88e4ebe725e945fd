import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RunFolder } from '@winnow/experiments';

const WINNOW = fileURLToPath(new URL('../../apps/cli/bin/winnow.js', import.meta.url));
/** What a page would load and run, were it taken for markup. */
const EVIL = '<img src=x onerror=alert(1)>';
const SMALL = 'dataset: digits, model: lenet, epochs: 4, rewind-epochs: 1, validate-every: 1';
/** In a study whose page is to be short. */
const MOST_BYTES = 2e6;

const PLUGIN = `
import * as tf from '@tensorflow/tfjs-core';
import { defineObjective, definePlugin } from '@winnow/plugin-api';
const evil = defineObjective({
  name: 'evil',
  summary: '${EVIL}',
  lossScale: 100,
  stationaryAtDense: true,
  evaluate: ({ sparse, dense }) => tf.mean(tf.squaredDifference(sparse.logits(), dense.logits())),
});
export default definePlugin({ name: 'evil', components: [evil] });
`;

/** Runs of 23 settings with 9 seeds each, made up from one that is there. */
async function makeUp(made, folder) {
  const first = new RunFolder(made);
  const [config, result] = [await first.readConfig(), await first.readResult()];
  for (let i = 0; i < 207; i++) {
    const [setting, seed] = [Math.floor(i / 9), i % 9];
    const density = [0.2, 0.1, 0.05][seed % 3];
    const learningRate = (10 + setting) / 100;
    const run = new RunFolder(join(folder, `run-${i}`));
    await run.claim({ ...config, density, seed, recipe: { ...config.recipe, learningRate } });
    const testAccuracy = 0.5 + ((i * 37) % 97) / 250;
    await run.writeResult({ ...result, density, seed, kept: 1000 * density, testAccuracy });
  }
}

/** A page of each kind, with names that mean ill, in a folder; gives their paths. */
export async function makePages(folder) {
  // Within the clone, where the plugin finds the packages that it imports.
  const cwd = fileURLToPath(new URL('../..', import.meta.url));
  const winnow = (...words) =>
    execFileSync(process.execPath, [WINNOW, ...words], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  const at = (...path) => join(folder, ...path);
  const plugin = join(cwd, 'out-tsc', EVIL, 'evil.mjs');
  mkdirSync(join(plugin, '..'), { recursive: true });
  writeFileSync(plugin, PLUGIN);
  const study = at(`${EVIL}.yaml`);
  writeFileSync(
    study,
    `base: { ${SMALL} }
plugins: ['${plugin}']
axes:
  method: [{ method: cts, objective: evil, search-epochs: 2 }, snip, magnitude]
  density: [0.2, 0.05]
include: [{ method: dense }]
seeds: 2
runs: '${at('study')}'
`,
  );
  winnow('study', 'run', study);
  const runs = readdirSync(at('study')).filter((name) => statSync(at('study', name)).isDirectory());
  const run = (part) =>
    at(
      'study',
      runs.find((name) => name.includes(part)),
    );
  const one = ['--dataset', 'digits', '--model', 'resnet8', '--density', '0.1', '--epochs', '2'];
  winnow('run', ...one, '--out', at(EVIL, 'run'));
  winnow('report', at('study'), at(EVIL), '--out', at(EVIL));
  winnow('check', run('magnitude-0.2-seed1'), '--seeds', '3', '--ablations', 'shuffle');
  winnow('compare', run('snip-0.2-seed1'), run('magnitude-0.2-seed1'), '--out', at('compare'));
  winnow('quickstart', '--out', at('quickstart'));
  await makeUp(run('magnitude-0.2-seed1'), at('many'));
  winnow('report', at('many'), '--out', at('many'));
  rmSync(join(plugin, '..'), { recursive: true });
  const { size } = statSync(at('many', 'report.html'));
  if (size > MOST_BYTES) throw new Error(`The page of 207 runs has ${size} bytes.`);
  return [
    ...[at('study'), at(EVIL), at(EVIL, 'run'), at('compare'), at('quickstart'), at('many')],
    ...[run('cts'), run('dense'), join(run('magnitude-0.2-seed1'), 'checks')],
  ].map((place) => join(place, 'report.html'));
}
