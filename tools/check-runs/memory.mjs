// Trains 20,000 small steps, and looks at how memory grows: less than 1 MiB for a thousand steps after the first 2,000.
//   node tools/check-runs/memory.mjs [STEPS]
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { digits } from '@winnow/datasets';
import models, { initialize } from '@winnow/models';
import { ComponentRegistry } from '@winnow/plugin-api';
import { randomStreams, startBackend } from '@winnow/tensor-backend';
import { backendsHere } from '@winnow/tensor-backend/node';
import { stretch, trainUnder } from '@winnow/training';

const STEPS = Number(process.argv[2] ?? 20_000);
const WARM_UP = 2000;
const EVERY = 1000;
const MOST_MIB = 1;
const MIB = 2 ** 20;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

const backend = await startBackend('auto', backendsHere());
const { input, classes, train, recipe } = await digits.open({});
const network = new ComponentRegistry(models.components)
  .get('model', 'lenet')
  .build(input, classes, {});
const parameters = initialize(network, randomStreams(1)('initialisation'));
const batchSize = 64;
const epochs = Math.ceil(STEPS / Math.floor(train.length / batchSize));
const measured = [];
await trainUnder(undefined, {
  network,
  parameters,
  train,
  recipe: { ...stretch(recipe, epochs), batchSize },
  seed: 1,
  onProgress({ step }) {
    if (step < WARM_UP || step % EVERY !== 0) return;
    collect();
    measured.push({ step, mib: process.memoryUsage().rss / MIB });
  },
});

// The slope of a straight line through all of them: single ones go up and down with the system's pages.
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [x, y] = [mean(measured.map(({ step }) => step)), mean(measured.map(({ mib }) => mib))];
const slope =
  measured.reduce((sum, { step, mib }) => sum + (step - x) * (mib - y), 0) /
  measured.reduce((sum, { step }) => sum + (step - x) ** 2, 0);
const growth = EVERY * slope;
for (const { step, mib } of measured) console.log(`step ${step}: ${mib.toFixed(1)} MiB`);
console.log(`${backend}: ${growth.toFixed(3)} MiB more in a thousand steps`);
process.exitCode = growth < MOST_MIB ? 0 : 1;
