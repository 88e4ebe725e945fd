// Twenty steps of training and of a search by a data set's recipe, by programs of the native engine and by ops:
//   node tools/check-runs/roads.mjs [--data-dir DIR] [--batch-size 64]
// of digits with ResNet-8, or with DIR of CIFAR-10 with ResNet-20, under the tickets of `benchmarks` too.
//
// A step by a program from where ops are must come to what they come to: the distance, in units of the step's length. Left
// alone, roads part as any roundings do; how far, in units of the way that ops have gone, is told beside how far ops part from
// ops that began with weights one rounding away.
import { parseArgs } from 'node:util';
import { TrainingOrder } from '@winnow/data';
import { cifar10, digits } from '@winnow/datasets';
import models, { Packing, initialize } from '@winnow/models';
import { kl } from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import { GradBalance, MaskSearch, findTicket, random as atRandom } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { native } from '@winnow/tensor-backend/node';
import { readTicket } from '@winnow/tickets/files';
import {
  MemoryCheckpoints,
  Trainee,
  learningRateAt,
  parameterMask,
  steps,
  trainingRecipe,
} from '@winnow/training';

const STEPS = 20;
const SEED = 1;
/** Of a step's length, at the median step: a single ReLU, or weight, may decide otherwise where that is a toss-up. */
const TOLERANCE = 1e-3;

const { values: options } = parseArgs({
  options: { 'data-dir': { type: 'string' }, 'batch-size': { type: 'string', default: '64' } },
});
const dataDir = options['data-dir'];
const dataset = dataDir
  ? await cifar10.open({ dataDir, trainImages: 4000 })
  : await digits.open({});
const recipe = trainingRecipe({ ...dataset.recipe, batchSize: Number(options['batch-size']) });
await native.start();
const network = new ComponentRegistry(models.components)
  .get('model', dataDir ? 'resnet20' : 'resnet8')
  .build(dataset.input, dataset.classes, {});
/** For want of a graph by ops. */
const { graph: _, ...opByOp } = network;
const packing = new Packing(network.parameters);
const start = packing.pack(initialize(network, randomStreams(SEED)('initialisation')));
const nudged = start.map((w, i) => w * (1 + (i % 2 ? 1 : -1) * 2 ** -23));

/** Each: vectors, of which the first is what is looked at, and a step that changes them. */
const training = (ticket) => (of, weights) => {
  const mask = ticket && parameterMask(network, ticket.layers);
  const trainee = new Trainee(of, packing, weights.slice(), mask, recipe);
  const { parameters, velocity } = trainee;
  return {
    vectors: [parameters, velocity],
    step: ({ step, batch, rate }) => trainee.step(batch, rate(step)),
  };
};
const search = (density) => (of, weights) => {
  const control = new GradBalance(density);
  const setting = {
    ...{ network: of, parameters: packing.tensors(weights), objective: kl, control },
    ...{ random: randomStreams(SEED), densityOf: () => 2 * density },
  };
  const own = new MaskSearch(setting);
  return {
    vectors: [own.logits, own.adam.mean, own.adam.variance],
    control,
    step: (on) => own.step(on, recipe.learningRate),
  };
};

const length = (x) => Math.sqrt(x.reduce((sum, v) => sum + v * v, 0));
const distance = (x, y) => length(x.map((v, i) => v - y[i]));
const looked = ({ vectors: [first] }) => Float64Array.from(first.read());
const median = (x) => [...x].sort((a, b) => a - b)[x.length >> 1];

async function compare(make) {
  const random = randomStreams(SEED);
  const order = new TrainingOrder(dataset.train.length, recipe.batchSize, random('shuffling'));
  const [ops, other] = [start, nudged].map((weights) => make(opByOp, weights));
  const [program, follower] = [0, 1].map(() => make(network, start));
  const from = looked(ops);
  const errors = [];
  const work = {
    ...{ source: dataset.train, input: dataset.input, order, end: STEPS, epochs: recipe.epochs },
    ...{ augmentation: random('augmentation'), state: { vectors: {} } },
    ...{ checkpoints: new MemoryCheckpoints(), signal: new AbortController().signal },
    ...{ progress() {}, subject: '', kind: '' },
  };
  const rate = (step) => learningRateAt(recipe, step, order.stepsPerEpoch);
  for await (const { step, epoch, batch } of steps(work)) {
    for (const [i, vector] of ops.vectors.entries()) follower.vectors[i].write(vector.read());
    if (ops.control) follower.control.lambda = ops.control.lambda;
    const before = looked(ops);
    for (const one of [ops, other, program, follower]) one.step({ step, epoch, batch, rate });
    const after = looked(ops);
    errors.push(distance(looked(follower), after) / distance(after, before));
  }
  const way = distance(looked(ops), from);
  const [apart, ofNudged] = [program, other].map((one) => distance(looked(one), looked(ops)) / way);
  return { median: median(errors), most: Math.max(...errors), apart, ofNudged };
}

const cases = { dense: training(), cts: search(dataDir ? 0.0074 : 0.05) };
if (dataDir) {
  for (const ticket of ['0.0074-seed1', '0.0074-seed2', '0.05-seed1', '0.05-seed2']) {
    const file = new URL(
      `../../benchmarks/tickets/resnet20-${ticket}.safetensors`,
      import.meta.url,
    );
    cases[ticket] = training(await readTicket(file.pathname));
  }
} else {
  const setting = { network, parameters: packing.tensors(start), train: dataset.train, recipe };
  cases['0.05'] = training(await findTicket(atRandom, { ...setting, density: 0.05, seed: SEED }));
}
const told = (value) => value.toExponential(1);
for (const [name, make] of Object.entries(cases)) {
  const { median, most, apart, ofNudged } = await compare(make);
  console.log(
    `${name}: steps off by ${told(median)} (median), ${told(most)} (most); after ${STEPS} steps ` +
      `${told(apart)} apart, and ops from nudged weights ${told(ofNudged)}`,
  );
  if (!(median < TOLERANCE)) process.exitCode = 1;
}
