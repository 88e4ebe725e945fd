import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunFolder } from '@winnow/experiments';
import { forgeConfig } from '../testing/forge-config.ts';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnowIn } from '../testing/run-winnow.ts';

const PLUGIN = `
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from '@winnow/data';
import { networkOf } from '@winnow/models';
import {
  WinnowError, defineDataset, defineModel, defineObjective, definePlugin, definePruner,
} from '@winnow/plugin-api';
import * as z from 'zod';

const options = z.strictObject({});
const summary = 'does not go with everything';
const objective = (name, evaluate, more) =>
  defineObjective({ name, summary, lossScale: 1, stationaryAtDense: false, evaluate, ...more });
const picky = () => {
  throw new WinnowError('TOO_LARGE', 'This is for smaller networks.');
};
const shape = { height: 4, width: 4, channels: 1 };
const part = (labels) =>
  arraySource({ pixels: Float32Array.from({ length: 16 * labels.length }, (_, i) => i % 5), labels: Int32Array.from(labels), shape });

export default definePlugin({
  name: 'refused',
  components: [
    objective('nan', ({ sparse }) => tf.log(tf.neg(tf.sum(tf.square(sparse.logits()))))),
    objective('flat', ({ sparse }) => tf.mul(0, tf.sum(sparse.logits()))),
    objective('picky-objective', ({ sparse }) => tf.sum(sparse.logits()), { prepare: picky }),
    definePruner({ name: 'picky-method', summary, options, prepare: picky, findTicket: async () => {} }),
    defineModel({
      name: 'matrix',
      summary,
      options,
      rewindEpochs: 1,
      build: (input, classes) => {
        const pixels = input.height * input.width * input.channels;
        return networkOf(
          ({ matrix }, images) => tf.matMul(tf.reshape(images, [-1, pixels]), matrix),
          { matrix: { shape: [pixels, classes], initializer: { kind: 'normal', std: 0.2 } } },
          { input, name: 'matrix' },
        );
      },
    }),
    defineDataset({
      name: 'lopsided',
      summary: 'one image of the second class',
      options,
      open: async () => ({
        name: 'lopsided', input: shape, classes: 2, checksum: '1',
        train: part([0, 0, 0, 0, 0, 0, 0, 1]), validation: part([0, 1]), test: part([0, 1]),
        recipe: { learningRate: 0.1, epochs: 2, dropEpochs: [], warmupEpochs: 0, weightDecay: 0, batchSize: 4 },
      }),
    }),
  ],
});
`;

jest.setTimeout(60_000);

let folder: string;
beforeAll(async () => {
  folder = await pluginFolder({ 'mine.mjs': PLUGIN, 'winnow.yaml': 'plugins: [./mine.mjs]\n' });
});
afterAll(() => rm(folder, { recursive: true }));

const winnow = (...args: string[]) => runWinnowIn(folder, ...args);
const words = (text: string) => text.split(' ');
/** Were the refusal to come after the training up to the rewind point, a test would take hours. */
const LONG = '--start rewind --epochs 1000000 --density 0.1';
const DIGITS = '--dataset digits --model resnet8';

describe('a run is refused before anything is trained or written', () => {
  it.each<[args: string, code: string, problem: RegExp]>([
    [
      '--dataset digits --model matrix --method synflow',
      'UNSUPPORTED_MODEL',
      /"synflow" needs a synaptic flow, which matrix of plugin "refused"/,
    ],
    [
      '--dataset digits --model matrix --objective feature',
      'UNSUPPORTED_MODEL',
      /"feature" needs activations/,
    ],
    [`${DIGITS} --leave-out stam.*`, 'BAD_LAYER', /"stam\.\*"/],
    [`${DIGITS} --layer-density head=0.5`, 'BAD_LAYER', /"head"/],
    [`${DIGITS} --layer-density stage3.*=0.9`, 'LAYER_DENSITY', /density 0\.1 of all/],
    [`${DIGITS} --objective nan`, 'LOSS_NOT_FINITE', /"nan" of plugin "refused" on resnet8/],
    [
      `${DIGITS} --method saliency --objective flat`,
      'NO_GRADIENT',
      /"flat" of plugin "refused" on resnet8 has gradient 0/,
    ],
    [`${DIGITS} --objective picky-objective`, 'TOO_LARGE', /This is for smaller networks/],
    [`${DIGITS} --method picky-method`, 'TOO_LARGE', /This is for smaller networks/],
    [
      '--dataset lopsided --model matrix --method snip --examples-per-class 2',
      'TOO_FEW_EXAMPLES',
      /2/,
    ],
  ])('%s', async (args, code, problem) => {
    const out = join(folder, 'out');
    const outcome = await winnow('run', ...words(`${LONG} ${args}`), '--out', out);
    expect(outcome.stderr.startsWith(`error [${code}]: `)).toBe(true);
    expect(outcome.stderr).toMatch(problem);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(existsSync(out)).toBe(false);
  });

  it('of start weights too, where the objective is flat at them', async () => {
    const run = words(`run ${DIGITS} --density 0.1 --start init --epochs 1 --until ticket`);
    const random = ['--method', 'random', '--out', join(folder, 'random')];
    expect(await winnow(...run, ...random)).toMatchObject({ status: 0 });
    const weights = join(folder, 'random/start.safetensors');
    const out = join(folder, 'started');
    const flat = ['--objective', 'flat', '--start-weights', weights, '--out', out];
    const { stderr } = await winnow(...run, ...flat);
    expect(stderr).toMatch(/^error \[NO_GRADIENT\]/);
    expect(existsSync(out)).toBe(false);
  });

  it('by compare, whichever method it is', async () => {
    const methods = '--methods magnitude,synflow --objectives loss --dataset digits --model matrix';
    const out = join(folder, 'compared');
    const { status, stderr } = await winnow('compare', ...words(methods), '--out', out);
    expect(stderr).toMatch(/^error \[UNSUPPORTED_MODEL\]: Method "synflow"/);
    expect(status).toBe(1);
    expect(existsSync(out)).toBe(false);
  });
});

describe('a run whose options have come to mean something else', () => {
  const run = () => join(folder, 'changed');
  const again = words(`run ${DIGITS} --method magnitude --density 0.1 --start init --until ticket`);

  it.each<[component: 'method' | 'model', option: string, title: string]>([
    ['method', 'scope', 'method "magnitude"'],
    ['model', 'shortcut', 'model "resnet8"'],
  ])('is not gone on with: its %s', async (component, option, title) => {
    await rm(run(), { recursive: true, force: true });
    expect(await winnow(...again, '--out', run())).toMatchObject({ status: 0 });
    // As if the default had been another one when the run began.
    const config = (await new RunFolder(run()).readConfig())!;
    const changed = { ...config[component], options: { ...config[component].options } };
    changed.options[option] = 'before';
    await forgeConfig(run(), (known) => ({ ...known, [component]: changed }));
    for (const args of [
      ['resume', run()],
      [...again, '--out', run()],
    ]) {
      const { status, stderr } = await winnow(...args);
      expect(stderr).toMatch(/^error \[OPTIONS_CHANGED\]: /);
      expect(stderr).toContain(`Option "${option}" of ${title} was "before"`);
      expect(status).toBe(1);
    }
  });
});
