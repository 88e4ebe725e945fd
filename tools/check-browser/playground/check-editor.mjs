import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { byCommandLine } from './by-command-line.mjs';
import { tryPackage } from './taken-package.mjs';

/** The page's shortest. */
const PLAN = { epochs: 6, rewindEpochs: 2, searchEpochs: 6 };

const objective = (body) => `import * as tf from '@tensorflow/tfjs-core';
import { defineObjective } from '@winnow/plugin-api';
export const mine = defineObjective({
  name: 'my-objective',
  summary: 'keep the logits',
  lossScale: 100,
  stationaryAtDense: true,
  evaluate({ sparse, dense }) {
    ${body}
  },
});
`;
const GOOD = objective('return tf.mean(tf.squaredDifference(sparse.logits(), dense.logits()));');

/** Texts, and what the page must say of them. */
const TEXTS = [
  [objective('return tf.men(sparse.logits());'), /^Line 9: Property 'men' does not exist/],
  [
    objective('return tf.mean(tf.matMul(sparse.logits(), dense.logits()));'),
    /^Line 9: Error in matMul/,
  ],
  [objective('return tf.mean(sparse.logits()'), /^Line 10: /],
  [objective('return tf.sign(tf.mean(sparse.logits()));'), /gradient/],
  [objective('while (true) dense.logits();'), /^It does not come to an end/],
  [GOOD, /^my-objective can be differentiated/],
];

/** Searches by the visitor's objective, takes that as a package and then the ticket: by the package the command line finds it. */
async function searchByOwn(page, folder) {
  const problems = [];
  await page.setPlan(PLAN);
  await page.search();
  const files = unzipSync(await page.download('Take it with you, as a package'));
  const text = (path) => new TextDecoder().decode(files[`my-objective/${path}`]);
  if (text('src/my-objective.ts') !== GOOD) problems.push('the package holds another text');
  // ((1 − 0)² + (0 − 2)²) / 2
  if (!text('src/my-objective.test.ts').includes('value - 2.5'))
    problems.push('the package is tested against another number than 2.5');
  const ticket = await page.download('The ticket');
  const model = unzipSync(await page.download('Its network for TensorFlow.js'));
  if (!('model.json' in model)) problems.push(`the network is ${Object.keys(model)}`);
  const place = join(folder, 'taken');
  problems.push(...(await tryPackage(place, files)));
  const plugin = join(place, 'my-objective');
  const ours = await byCommandLine(folder, 1, PLAN, { objective: 'my-objective', plugin });
  const isSame = Buffer.compare(ticket, ours.ticket) === 0;
  const [, accuracy] = await page.accuracies();
  console.log(
    `  ticket ${accuracy} %, the command line's by the package ${ours.accuracy.toFixed(1)} %, ${isSame ? 'the same' : 'ANOTHER'}`,
  );
  if (!isSame) problems.push('by the package the command line finds another ticket');
  return problems;
}

/** The editor tells what is wrong at its line, proposes names, and gives the objective as a package. */
export async function checkEditor(page, { folder }) {
  const problems = [];
  await page.load();
  await page.button(/Open the editor/).click();
  const field = page.page.getByRole('textbox', { name: 'The objective' });
  const verdict = page.page.locator('[aria-labelledby=change] > p').last();
  const judged = async () => {
    await page.button('Check it and use it').click();
    await verdict.filter({ hasText: /./ }).filter({ hasNotText: 'Checking' }).waitFor();
    return verdict.textContent();
  };
  await field.waitFor();
  const first = await judged();
  if (!first.startsWith('my-kl can be differentiated')) problems.push(`kl: ${first}`);
  for (const [text, expected] of TEXTS) {
    await field.fill(text);
    const told = await judged();
    console.log(`  ${told.split('\n')[0]}`);
    if (!expected.test(told)) problems.push(`it tells "${told}", not ${expected}`);
  }
  const chosen = await page.page.locator('#objective').inputValue();
  if (chosen !== 'my-objective') problems.push(`the search looks for "${chosen}"`);
  problems.push(...(await searchByOwn(page, folder)));
  await field.click();
  await page.page.keyboard.press('Control+End');
  await page.page.keyboard.type('tf.softm');
  await page.page
    .locator('.cm-tooltip-autocomplete li', { hasText: 'softmax' })
    .first()
    .waitFor({ timeout: 30_000 })
    .catch(() => problems.push('it does not propose tf.softmax'));
  return problems;
}
