import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { Golden } from '@winnow/golden';
import { expectRefused } from '../testing/expect-refused.ts';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnow } from '../testing/run-winnow.ts';

/** Every component of it fails in its own way. */
const FAILING = `
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { networkFrom } from '@winnow/models';
import {
  defineBackend, defineDataset, defineModel, defineObjective, definePlugin, definePruner, prunableOf, WinnowError,
} from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import * as z from 'zod';

const summary = 'fails';
const options = z.strictObject({});
const fail = () => { throw new TypeError('my own fault.'); };

const objective = (name, evaluate) =>
  defineObjective({ name, summary, lossScale: 1, stationaryAtDense: false, evaluate });
const objectives = [
  objective('throws', fail),
  objective('ignores', () => tf.scalar(1)),
  objective('refuses', () => { throw new WinnowError('TOO_LARGE', 'This is for smaller networks.'); }),
  objective('shapeless', ({ sparse }) => sparse.logits()),
  objective('product', ({ sparse }) => tf.prod(sparse.logits())),
  objective('accuracy', ({ sparse, batch }) =>
    tf.neg(tf.mean(tf.cast(tf.equal(tf.argMax(sparse.logits(), 1), batch.labels), 'float32')))),
  objective('nan', ({ sparse }) => tf.log(tf.neg(tf.sum(tf.square(sparse.logits()))))),
];

const masks = ({ network, density, seed, weightsHash }) => {
  const layers = prunableOf(network).map(({ name, shape }) =>
    [name, { shape, kept: new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(1) }]);
  const provenance = { method: 'mine', density, seed, model: network.name, weightsHash };
  return { layers: new Map(layers), provenance };
};
const pruner = (name, findTicket) => definePruner({ name, summary, options, findTicket });
const pruners = [
  pruner('prune-throws', async () => fail()),
  pruner('prune-all', async (context) => masks(context)),
  pruner('prune-nan', async (context) => {
    const { layers, provenance } = masks(context);
    const scores = [...layers].map(([name, { shape, kept }]) =>
      [name, { shape, data: new Float32Array(kept.length).fill(NaN) }]);
    return Ticket.keepLargest(new Map(scores), context.density, provenance);
  }),
];

const mlp = (input, classes, change) => ({
  ...networkFrom('mlp', (layers, images, classes) =>
    layers.linear('fc', layers.flatten(images), { units: classes }), input, classes),
  ...change,
});
const model = (name, build) => defineModel({ name, summary, options, rewindEpochs: 1, build });
const models = [
  model('build-throws', fail),
  model('forward-shape', (input, classes) => mlp(input, classes, { forward: (_, images) => tf.ones([images.shape[0], 3]) })),
  model('forward-nan', (input, classes) => {
    const whole = mlp(input, classes);
    return { ...whole, forward: (...args) => tf.mul(whole.forward(...args), NaN) };
  }),
];

const shape = { height: 4, width: 4, channels: 1 };
const part = (count) => arraySource({
  pixels: Float32Array.from({ length: 16 * count }, (_, i) => (i * 7) % 5),
  labels: Int32Array.from({ length: count }, (_, i) => i % 2),
  shape,
});
const recipe = { learningRate: 0.1, epochs: 2, dropEpochs: [], warmupEpochs: 0, weightDecay: 0, batchSize: 16 };
const whole = { name: 'mine', input: shape, classes: 2, train: part(64), validation: part(16), test: part(16), checksum: '1', recipe };
const reading = (change) => {
  const { train } = whole;
  const read = async (...args) => change(await train.read(...args));
  return { ...whole, train: { length: train.length, labels: train.labels, read } };
};
const dataset = (name, open) => defineDataset({ name, summary, options, open: async () => open() });
const datasets = [
  dataset('open-throws', fail),
  dataset('one-class', () => {
    const one = arraySource({ pixels: new Float32Array(16 * 64), labels: new Int32Array(64), shape });
    return { ...whole, classes: 1, train: one, validation: one, test: one };
  }),
  dataset('read-nan', () => reading(({ images, labels }) => ({ images: images.map(() => NaN), labels }))),
];

const backend = defineBackend({ name: 'start-throws', summary, priority: -1, start: async () => fail() });

export default definePlugin({
  name: 'failing', components: [...objectives, ...pruners, ...models, ...datasets, backend],
});
`;

jest.setTimeout(60_000);

let folder: string;
beforeAll(async () => {
  folder = await pluginFolder({ 'failing.mjs': FAILING });
});
afterAll(() => rm(folder, { recursive: true }));

async function expectRefusal(args: readonly string[], code: string, problem: RegExp) {
  expectRefused(await runWinnow(...args), code, problem);
}

describe('a component that fails', () => {
  const common = () => ['--plugin', join(folder, 'failing.mjs')];

  it.each<[objective: string, code: string, problem: RegExp]>([
    ['throws', 'PLUGIN_FAILED', /: Objective "throws" of plugin "failing" failed: my own fault\. /],
    ['nan', 'LOSS_NOT_FINITE', /nan of plugin "failing"/],
  ])('is named: the objective %s', async (name, code, problem) => {
    const weights = ['--weights', Golden.path('weights')];
    const data = ['--model', 'resnet8', '--dataset', `tensor-file:${Golden.path('batch')}`];
    const args = ['objective', ...common(), ...weights, ...data, '--objectives', name];
    await expectRefusal(args, code, problem);
  });

  it.each<[objective: string, code: string, problem: RegExp]>([
    ['throws', 'PLUGIN_FAILED', /: Objective "throws" of plugin "failing" failed: my own fault\. /],
    ['refuses', 'TOO_LARGE', /: This is for smaller networks\./],
    ['shapeless', 'BAD_OBJECTIVE', /bjective "shapeless" of plugin "failing"/],
    ['ignores', 'NO_GRADIENT', /: Objective "ignores" of plugin "failing" on resnet8 /],
    ['feature', 'UNSUPPORTED_MODEL', /: Objective "feature" needs activations, which mlp of /],
  ])('is named in a bench of the search: the objective %s', async (name, code, problem) => {
    const model = name === 'feature' ? 'forward-nan' : 'resnet8';
    const small = ['--model', model, '--batch', '4', '--image-size', '8', '--steps', '1'];
    const args = ['bench', ...common(), ...small, '--mode', 'cts', '--objective', name];
    await expectRefusal(args, code, problem);
  });

  const DATA = '--dataset digits';
  const RESNET = '--model resnet8';
  it.each<[args: string, code: string, problem: RegExp]>([
    [
      `${DATA} ${RESNET} --objective nan`,
      'LOSS_NOT_FINITE',
      /"nan" of plugin "failing" on resnet8 is NaN and its gradient's norm \S+ on the first batch/,
    ],
    [
      `${DATA} ${RESNET} --objective ignores`,
      'NO_GRADIENT',
      /: Objective "ignores" of plugin "failing" on resnet8 cannot be differentiated: The value does not depend on /,
    ],
    [
      `${DATA} ${RESNET} --method saliency --objective accuracy`,
      'NO_GRADIENT',
      /: Objective "accuracy" of plugin "failing" on resnet8 has gradient 0 /,
    ],
    [
      // Found before anything is trained: otherwise a test of hours.
      `${DATA} ${RESNET} --objective product --start rewind --epochs 1000000`,
      'NO_GRADIENT',
      /: Objective "product" of plugin "failing" on resnet8 .*: The op Prod has no gradient /,
    ],
    [
      `${DATA} ${RESNET} --method prune-throws`,
      'PLUGIN_FAILED',
      /: Method "prune-throws" of plugin "failing" failed: my own fault\. /,
    ],
    [
      `${DATA} ${RESNET} --method prune-all`,
      'BAD_TICKET',
      /"prune-all" of plugin "failing" kept (\d+) of \1 weights where density 0\.1/,
    ],
    [
      `${DATA} ${RESNET} --method prune-nan`,
      'NAN_SCORE',
      /"prune-nan" of plugin "failing": .* not a number/,
    ],
    [
      `${DATA} --model build-throws`,
      'PLUGIN_FAILED',
      /: Model "build-throws" of plugin "failing" failed: my own/,
    ],
    [
      `${DATA} --model forward-shape --method snip`,
      'PLUGIN_FAILED',
      /"forward-shape" of plugin "failing" returned \[\d+, 3\] .*, 10\] are due/,
    ],
    [
      `${DATA} --model forward-nan --method random --start rewind --rewind-epochs 1 --epochs 2`,
      'LOSS_NOT_FINITE',
      /The loss of mlp of plugin "failing" is NaN .*training step 0 /,
    ],
    [
      `--dataset open-throws ${RESNET}`,
      'PLUGIN_FAILED',
      /: Data set "open-throws" of plugin "failing" failed: my own/,
    ],
    [
      `--dataset one-class ${RESNET}`,
      'BAD_DATA',
      /: Data set "one-class" of plugin "failing" has 1 class where two or more are needed\. /,
    ],
    [`--dataset read-nan ${RESNET}`, 'BAD_DATA', /"read-nan" of plugin "failing" read NaN/],
    [
      `${DATA} ${RESNET} --backend start-throws`,
      'PLUGIN_FAILED',
      /: Backend "start-throws" of plugin "failing" failed: my own/,
    ],
  ])('is named: run %s', async (args, code, problem) => {
    const run = ['run', ...common(), '--density', '0.1', '--until', 'ticket'];
    const given = args.split(' ');
    const rest = given.includes('--start') ? [] : ['--start', 'init', '--epochs', '1'];
    await expectRefusal([...run, ...given, ...rest, '--out', join(folder, 'out')], code, problem);
    await rm(join(folder, 'out'), { recursive: true, force: true });
  });
});
