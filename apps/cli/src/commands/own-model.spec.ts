import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { readSafetensors } from '@winnow/files/disk';
import { runWinnow } from '../testing/run-winnow.ts';

const SOURCE = `
import * as tf from '@tensorflow/tfjs-core';
import { networkOf } from '@winnow/models';
import { defineModel, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

const normal = (...shape) => ({ shape, initializer: { kind: 'normal', std: 0.2 } });
export default definePlugin({
  name: 'mine',
  components: [
    defineModel({
      name: 'two-layers',
      summary: 'a function of two matrices, in the layout of TensorFlow',
      options: z.strictObject({ units: z.number().int().default(12) }),
      rewindEpochs: 1,
      build: (input, classes, { units }) => {
        const pixels = input.height * input.width * input.channels;
        return networkOf(
          ({ hidden, output }, images, capture) => {
            const x = tf.matMul(tf.reshape(images, [-1, pixels]), hidden);
            return tf.matMul(capture(tf.relu(x), 'hidden'), output);
          },
          { hidden: normal(pixels, units), output: normal(units, classes) },
          { input, name: 'two-layers' },
        );
      },
    }),
  ],
});
`;
const METHOD = `
import { definePlugin } from '@winnow/plugin-api';
import { random } from '@winnow/pruners';
export default definePlugin({ name: 'other', components: [{ ...random, name: 'drawn' }] });
`;
// Digits have 8×8 pixels and ten classes; a quarter of the weights stays.
const SIZE = 64 * 12 + 12 * 10;
const KEPT = SIZE / 4;

jest.setTimeout(120_000);

// Within the project, where the packages that a plugin imports are installed.
const parent = fileURLToPath(new URL('../../out-tsc/', import.meta.url));
let folder: string;
let plugin: readonly string[];
const within = (name: string) => join(folder, name);

/** What a command prints as JSON. */
async function told<T = unknown>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await runWinnow(...args, '--json');
  expect({ args, status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout) as T;
}
const found = (method: string) =>
  told(
    ...['run', ...plugin, '--model', 'two-layers', '--dataset', 'digits'],
    ...['--method', method, '--density', '0.25', '--epochs', '1', '--start', 'init'],
    ...['--until', 'ticket', '--out', within(method)],
  );
const own = () => [...plugin, '--model', 'two-layers', '--dataset', 'digits'];
/** The bits of each tensor of a file. */
async function bitsOf(path: string) {
  const { tensors } = await readSafetensors(path);
  return [...tensors].map(([name, { shape, data }]) => [name, shape, [...data]]);
}

beforeAll(async () => {
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'own-model-'));
  plugin = ['--plugin', within('other.mjs'), '--plugin', within('mine.mjs')];
  await writeFile(within('other.mjs'), METHOD);
  await writeFile(within('mine.mjs'), SOURCE);
  await found('magnitude');
  await found('drawn');
  await told('resume', within('magnitude'));
});
afterAll(() => rm(folder, { recursive: true }));

const inspected = {
  size: SIZE,
  kept: KEPT,
  multiplyAdds: { dense: SIZE, kept: KEPT },
  layers: [
    { name: 'hidden', inputs: 64, outputs: 12 },
    { name: 'output', inputs: 12, outputs: 10 },
  ],
};

it('inspects a run of an own model, what it saves with its plugin, and what it keeps without', async () => {
  expect(await told('inspect', within('magnitude'), ...plugin)).toMatchObject(inspected);
  const { kept, size, layers } = await told<typeof inspected>('inspect', within('magnitude'));
  expect([kept, size, layers.map(({ name }) => name)]).toEqual([
    inspected.kept,
    SIZE,
    inspected.layers.map(({ name }) => name),
  ]);
  const { stdout } = await runWinnow('inspect', within('drawn'));
  expect(stdout).toMatch(/model is of plugin "mine", which was not loaded.* --plugin .*mine\.mjs/);
});

it('inspects a ticket of an own model that lies alone', async () => {
  await copyFile(within('drawn/ticket.safetensors'), within('alone.safetensors'));
  const images = ['--input', '8x8x1', '--classes', '10'];
  const ticket = await told('inspect', within('alone.safetensors'), ...plugin, ...images);
  expect(ticket).toMatchObject(inspected);
});

it('exports, freezes and imports the weights of an own model', async () => {
  const run = within('magnitude');
  const [written, back] = [within('written.safetensors'), within('back.safetensors')];
  await told('export', run, '--format', 'safetensors', '--out', written);
  await told('export', run, '--format', 'csr', '--out', within('csr.safetensors'));
  const { tensors } = await readSafetensors(within('csr.safetensors'));
  expect(tensors.get('hidden.crow_indices')?.shape).toEqual([65]);

  const onnx = await runWinnow('export', run, '--format', 'onnx', '--json');
  expect(onnx.status).toBe(1);
  expect(onnx.stderr).toContain('error [UNSUPPORTED_MODEL]');

  expect(await told('freeze', run)).toMatchObject({ normalizations: 0 });

  await told('import', written, ...own(), '--out', back);
  expect(await bitsOf(back)).toEqual(await bitsOf(written));
  expect((await readSafetensors(back)).tensors.get('output')?.shape).toEqual([12, 10]);
});

it('compares the tickets of an own model', async () => {
  const runs = [within('magnitude'), within('drawn')];
  const common = ['--objectives', 'loss,feature', '--images', '128', '--out', within('compared')];
  const { tickets } = await told<{
    tickets: { method: string; kept: number; values: Record<string, number> }[];
  }>('compare', ...runs, ...common);
  expect(tickets.map(({ method, kept }) => [method, kept])).toEqual([
    ['magnitude', KEPT],
    ['drawn', KEPT],
  ]);
  // Larger weights carry more of what the dense network computes.
  const [largest, any] = tickets.map(({ values }) => values['feature']!);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThan(any!);
});

it('scores an own model, and tells objectives and steps of it', async () => {
  const weights = ['--weights', within('magnitude/weights.safetensors')];
  const out = ['--density', '0.25', '--out', within('scores.safetensors')];
  const scored = await told('score', '--method', 'snip', ...own(), ...weights, ...out);
  expect(scored).toMatchObject({ size: SIZE, kept: KEPT });
  const flow = await runWinnow('score', '--method', 'synflow', ...own(), ...weights, ...out);
  expect(flow.stderr).toMatch(
    /^error \[UNSUPPORTED_MODEL\]: Method "synflow" needs a synaptic flow/,
  );
  const { objectives } = await told<{ objectives: Record<string, number> }>(
    ...['objective', ...own(), ...weights, '--objectives', 'loss,kl'],
  );
  expect(objectives['loss']).toBeGreaterThan(0);
  expect(objectives['kl']).toBeCloseTo(0, 6);
  const step = ['--steps', '1', '--batch', '4', '--image-size', '8'];
  expect(await told('bench', ...plugin, '--model', 'two-layers', ...step)).toMatchObject({
    model: 'two-layers',
  });
});
