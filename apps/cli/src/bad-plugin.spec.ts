import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Golden } from '@winnow/golden';
import { runWinnow } from './testing/run-winnow.ts';

/** Every component of it fails in its own way. */
const FAILING = `
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { networkFrom } from '@winnow/models';
import {
  WinnowError, defineBackend, defineDataset, defineModel, defineObjective, definePlugin, definePruner,
} from '@winnow/plugin-api';
import { Ticket } from '@winnow/tickets';
import { z } from 'zod';

const summary = 'fails';
const options = z.strictObject({});
const fail = () => { throw new TypeError('my own fault.'); };

const objective = (name, evaluate) =>
  defineObjective({ name, summary, lossScale: 1, stationaryAtDense: false, evaluate });
const objectives = [
  objective('throws', fail),
  objective('matrix', ({ sparse }) => sparse.logits()),
  objective('number', () => 1),
  objective('nan', ({ sparse }) => tf.log(tf.neg(tf.sum(tf.square(sparse.logits()))))),
];

const masks = ({ network, density, seed, weightsHash }, value) => {
  const layers = network.parameters.filter((p) => p.prunable).map(({ name, shape }) =>
    [name, { shape, kept: new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(value) }]);
  const provenance = { method: 'mine', density, seed, model: network.name, weightsHash };
  return { layers: new Map(layers), provenance };
};
const pruner = (name, findTicket) => definePruner({ name, summary, options, findTicket });
const pruners = [
  pruner('prune-throws', async () => fail()),
  pruner('prune-own', async () => { throw new WinnowError('MINE', 'Said by the plugin.'); }),
  pruner('prune-none', async () => ({})),
  pruner('prune-all', async (context) => masks(context, 1)),
  pruner('prune-twos', async (context) => masks(context, 2)),
  pruner('prune-short', async (context) => {
    const { layers, ...rest } = masks(context, 1);
    const [name, mask] = [...layers][1];
    return { ...rest, layers: layers.set(name, { ...mask, kept: mask.kept.subarray(1) }) };
  }),
  pruner('prune-nan', async (context) => {
    const { layers, provenance } = masks(context, 1);
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
  model('build-none', () => ({ name: 'none' })),
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
  dataset('open-part', () => ({ ...whole, checksum: undefined })),
  dataset('open-labels', () => ({ ...whole, classes: 1 })),
  dataset('read-short', () => reading(({ images, labels }) => ({ images: images.subarray(1), labels }))),
  dataset('read-nan', () => reading(({ images, labels }) => ({ images: images.map(() => NaN), labels }))),
];

const backend = defineBackend({ name: 'start-throws', summary, priority: -1, start: async () => fail() });

export default definePlugin({
  name: 'failing', components: [...objectives, ...pruners, ...models, ...datasets, backend],
});
`;

const plain = (components: string, name = 'plain') =>
  `export default { name: '${name}', apiVersion: 1, components: [${components}],
    [Symbol.for('@winnow/plugin-api/plugin')]: true };`;

/** A package with a plugin that imports nothing. */
const packageOf = (folder: string, manifest: object) => ({
  [`${folder}/package.json`]: JSON.stringify({
    name: folder,
    version: '1.2.3',
    type: 'module',
    exports: './main.js',
    ...manifest,
  }),
  [`${folder}/main.js`]: plain(''),
});

const FILES: Readonly<Record<string, string>> = {
  'failing.mjs': FAILING,
  'throws.mjs': "throw new Error('broken at once');",
  'lacks.mjs': "import 'winnow-no-such-package/deep';",
  'nameless.mjs': plain("{ kind: 'objective', evaluate() {} }"),
  'kindless.mjs': plain("{ kind: 'loss', name: 'mine' }"),
  'silent.mjs': plain("{ kind: 'objective', name: 'mine', evaluate() {} }"),
  'inert.mjs': plain("{ kind: 'objective', name: 'mine', summary: '', evaluate: 1 }"),
  'zod3.mjs': plain(
    "{ kind: 'pruner', name: 'mine', summary: '', findTicket() {}, options: { _def: {}, safeParse() {} } }",
  ),
  'date.mjs': `import { z } from 'zod';
    ${plain("{ kind: 'pruner', name: 'mine', summary: '', findTicket() {}, options: z.strictObject({ when: z.date() }) }")}`,
  ...packageOf('peerless', { peerDependencies: { 'winnow-no-such-peer': '^1.0.0' } }),
  ...packageOf('ahead', { peerDependencies: { '@winnow/plugin-api': '^9.0.0' } }),
  ...packageOf('unbuilt', { exports: { '.': './dist/main.js' } }),
  ...packageOf('other-tfjs', {}),
  'other-tfjs/node_modules/@tensorflow/tfjs-core/package.json': '{"version": "4.10.0"}',
};

jest.setTimeout(60_000);

// Within the project, where the packages that a plugin imports are installed.
const parent = fileURLToPath(new URL('../out-tsc/', import.meta.url));
let folder: string;
beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'bad-plugin-'));
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
});
afterAll(() => rm(folder, { recursive: true }));

async function expectRefusal(args: readonly string[], code: string, problem: RegExp) {
  const { status, stdout, stderr } = await runWinnow(...args);
  const errors = stderr.split('\n').filter((line) => line.startsWith('error') || / at /.test(line));
  expect(errors).toEqual([expect.stringMatching(problem)]);
  expect(errors[0]!.startsWith(`error [${code}]: `)).toBe(true);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
}

describe('a plugin that cannot be loaded', () => {
  it.each<[plugin: string, code: string, problem: RegExp]>([
    ['throws.mjs', 'PLUGIN_LOAD', /throws\.mjs" \(broken at once\)/],
    [
      'lacks.mjs',
      'PLUGIN_PEER',
      /imports winnow-no-such-package, .* npm i winnow-no-such-package$/,
    ],
    [
      'nameless.mjs',
      'PLUGIN_LOAD',
      /Component 0 of plugin "plain", of kind objective, has no name/,
    ],
    ['kindless.mjs', 'PLUGIN_LOAD', /Component 0 of plugin "plain" is of kind "loss"/],
    ['silent.mjs', 'PLUGIN_LOAD', /objective "mine" of plugin "plain" has no summary/],
    ['inert.mjs', 'PLUGIN_LOAD', /"mine" of plugin "plain" has no function "evaluate"/],
    ['zod3.mjs', 'PLUGIN_PEER', /options of pruner "mine" of plugin "plain" are a schema of zod 3/],
    ['date.mjs', 'PLUGIN_LOAD', /options of pruner "mine" of plugin "plain" cannot become flags/],
    ['peerless', 'PLUGIN_PEER', /"peerless" needs winnow-no-such-peer \^1\.0\.0 .*npm i winnow-no/],
    ['ahead', 'PLUGIN_PEER', /"ahead" needs @winnow\/plugin-api \^9\.0\.0, and finds 0\.1\.0/],
    ['unbuilt', 'PLUGIN_LOAD', /no file .*dist\/main\.js.*npm run build/],
    ['other-tfjs', 'PLUGIN_PEER', /tfjs-core 4\.10\.0; this Winnow runs on 4\.22\.0/],
  ])('is named: %s', async (plugin, code, problem) => {
    await expectRefusal(['list', '--plugin', join(folder, plugin)], code, problem);
  });
});

describe('a component that fails', () => {
  const common = () => ['--plugin', join(folder, 'failing.mjs')];

  it.each<[objective: string, code: string, problem: RegExp]>([
    ['throws', 'PLUGIN_FAILED', /: Objective "throws" of plugin "failing" failed: my own fault\. /],
    [
      'matrix',
      'BAD_OBJECTIVE',
      /"matrix" of plugin "failing" returned a tensor of shape \[16, 10\]/,
    ],
    ['number', 'BAD_OBJECTIVE', /"number" of plugin "failing" returned 1\./],
    ['nan', 'LOSS_NOT_FINITE', /nan of plugin "failing"/],
  ])('is named: the objective %s', async (name, code, problem) => {
    const weights = ['--weights', Golden.path('weights')];
    const data = ['--model', 'resnet8', '--dataset', `tensor-file:${Golden.path('batch')}`];
    const args = ['objective', ...common(), ...weights, ...data, '--objectives', name];
    await expectRefusal(args, code, problem);
  });

  const DATA = '--dataset digits';
  const RESNET = '--model resnet8';
  it.each<[args: string, code: string, problem: RegExp]>([
    [
      `${DATA} ${RESNET} --objective nan`,
      'LOSS_NOT_FINITE',
      /"nan" of plugin "failing" is NaN .*step 0 /,
    ],
    [
      `${DATA} ${RESNET} --method prune-throws`,
      'PLUGIN_FAILED',
      /: Method "prune-throws" of plugin "failing" failed: my own fault\. /,
    ],
    [`${DATA} ${RESNET} --method prune-own`, 'MINE', /: Said by the plugin\.$/],
    [
      `${DATA} ${RESNET} --method prune-none`,
      'BAD_TICKET',
      /"prune-none" of plugin "failing" returned no ticket/,
    ],
    [
      `${DATA} ${RESNET} --method prune-all`,
      'BAD_TICKET',
      /"prune-all" of plugin "failing" kept (\d+) of \1 weights where density 0\.1/,
    ],
    [
      `${DATA} ${RESNET} --method prune-twos`,
      'BAD_TICKET',
      /"prune-twos" of plugin "failing" .* holds 2/,
    ],
    [
      `${DATA} ${RESNET} --method prune-short`,
      'BAD_TICKET',
      /"prune-short" of plugin "failing" .* not its shape/,
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
      `${DATA} --model build-none`,
      'PLUGIN_FAILED',
      /"build-none" of plugin "failing" built a network without forward/,
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
      `--dataset open-part ${RESNET}`,
      'BAD_DATA',
      /"open-part" of plugin "failing" lacks "checksum"/,
    ],
    [
      `--dataset open-labels ${RESNET}`,
      'BAD_DATA',
      /"open-labels" of plugin "failing" has in "train" label 1 at place 1 where there are 1 classes/,
    ],
    [
      `--dataset read-short ${RESNET}`,
      'BAD_DATA',
      /"read-short" of plugin "failing" read 255 numbers and 16 labels/,
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
