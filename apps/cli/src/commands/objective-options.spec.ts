import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Golden } from '@winnow/golden';
import { pluginFolder } from '../testing/plugin-folder.ts';
import { runWinnowIn } from '../testing/run-winnow.ts';

/** An objective with an option and a term, and a network that shows no activations. */
const PLUGIN = `
import * as tf from '@tensorflow/tfjs-core';
import { networkOf } from '@winnow/models';
import { defineModel, defineObjective, definePlugin } from '@winnow/plugin-api';
import * as z from 'zod';

export default definePlugin({
  name: 'mine',
  components: [
    defineObjective({
      name: 'scaled',
      summary: 'so many times the mean square of the logits',
      options: z.strictObject({ times: z.number().default(2).describe('how many times') }),
      lossScale: 1,
      stationaryAtDense: false,
      evaluate({ sparse }, { times }) {
        const size = tf.mean(tf.square(sparse.logits()));
        return { value: tf.mul(size, times), terms: { size } };
      },
    }),
    defineModel({
      name: 'silent',
      summary: 'one matrix, which shows nothing',
      options: z.strictObject({}),
      rewindEpochs: 1,
      build: (input, classes) => {
        const pixels = input.height * input.width * input.channels;
        return networkOf(
          ({ matrix }, images) => tf.matMul(tf.reshape(images, [-1, pixels]), matrix),
          { matrix: { shape: [pixels, classes], initializer: { kind: 'normal', std: 0.2 } } },
          { input, name: 'silent' },
        );
      },
    }),
  ],
});
`;

jest.setTimeout(120_000);

let folder: string;
beforeAll(async () => {
  folder = await pluginFolder({ 'mine.mjs': PLUGIN, 'winnow.yaml': 'plugins: [./mine.mjs]\n' });
});
afterAll(() => rm(folder, { recursive: true }));

const words = (text: string) => text.split(' ');
const winnow = (...args: string[]) => runWinnowIn(folder, ...args);
async function told<T>(...args: string[]): Promise<T> {
  const { status, stdout, stderr } = await winnow(...args, '--json');
  expect({ args, status, stderr }).toMatchObject({ status: 0 });
  return JSON.parse(stdout) as T;
}
const read = async (...path: string[]) => readFile(join(folder, ...path), 'utf8');
const json = async <T = unknown>(...path: string[]) => JSON.parse(await read(...path)) as T;

const COMMON = '--dataset digits --model resnet8 --epochs 1 --batch-size 512';
const SEARCH = words(`run ${COMMON} --density 0.1 --start init --until ticket --search-epochs 1`);

describe('an objective with an option', () => {
  it('is computed with what is given', async () => {
    const one = words('objective --model resnet8 --objectives scaled,kl --times 3');
    const data = ['--dataset', `tensor-file:${Golden.path('batch')}`];
    const { objectives } = await told<{ objectives: Record<string, number> }>(
      ...[...one, '--weights', Golden.path('weights'), ...data],
    );
    const logits = (await Golden.load('forward')).values('logits');
    const size = logits.reduce((sum, x) => sum + x * x, 0) / logits.length;
    expect(objectives['scaled']! / (3 * size)).toBeCloseTo(1, 4);
    expect(objectives['kl']).toBeCloseTo(0, 6);
  });

  it('is searched for, recorded, and tells its term at every step', async () => {
    await told(...SEARCH, '--objective', 'scaled', '--times', '3', '--out', 'flags');
    expect(await json('flags/config.json')).toMatchObject({
      method: { name: 'cts', given: { searchEpochs: 1 } },
      objective: { name: 'scaled', given: { times: 3 }, options: { times: 3 } },
    });
    const steps = (await read('flags/metrics.jsonl')).trim().split('\n').slice(1);
    const rows = steps.map((line) => JSON.parse(line) as Record<string, number>);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row['objective']! / row['objective.size']!).toBeCloseTo(3, 5);
  });

  it('is the same from a configuration file', async () => {
    const section = '  objective: scaled\n  times: 3\n';
    await writeFile(join(folder, 'scaled.yaml'), `plugins: [./mine.mjs]\nrun:\n${section}`);
    await told(...SEARCH, '--config', 'scaled.yaml', '--out', 'file');
    for (const name of ['config.json', 'ticket.safetensors'])
      expect(await read('file', name)).toBe(await read('flags', name));
  });

  it('is the same run with its default, given or not', async () => {
    await told(...SEARCH, '--objective', 'scaled', '--out', 'default');
    const before = await read('default/config.json');
    await told(...SEARCH, '--objective', 'scaled', '--times', '2', '--out', 'default');
    expect(await read('default/config.json')).toBe(before);
    const other = await winnow(
      ...SEARCH,
      '--objective',
      'scaled',
      '--times',
      '4',
      '--out',
      'default',
    );
    expect(other.stderr).toMatch(/^error \[RUN_FOLDER_TAKEN\]: .* --times 2, and now it is 4/);
  });

  it('is compared with others, each with its own options', async () => {
    const methods = '--methods cts:scaled,cts:kl,magnitude --objectives scaled,kl --times 3';
    const compare = words(`compare ${COMMON} --density 0.1 --seeds 0 --search-epochs 1 ${methods}`);
    interface Told {
      tickets: { label: string; folder: string; values: Record<string, number> }[];
    }
    const three = await told<Told>(...compare, '--out', 'compared');
    expect(three).toMatchObject({
      objectiveOptions: { scaled: { times: 3 }, kl: {} },
      skipped: [],
    });
    expect(three.tickets.map(({ label }) => label)).toEqual([
      'cts (scaled)',
      'cts (kl)',
      'magnitude',
    ]);
    expect(await json('compared/runs/cts-kl-0.1-seed0/config.json')).toMatchObject({
      objective: { name: 'kl', given: {}, options: {} },
    });
    // Other options make another value, though the run keeps the first one.
    const runs = three.tickets.map((ticket) => ticket.folder);
    const own = ['--objectives', 'scaled', '--times', '6', '--out', 'again'];
    const six = await told<Told>('compare', ...runs, ...own);
    for (const [i, { values }] of six.tickets.entries())
      expect(values['scaled']! / three.tickets[i]!.values['scaled']!).toBeCloseTo(2, 5);
    expect(six).toMatchObject({
      notes: ['"scaled" is evaluated with times 6; the search of cts (scaled) had other options.'],
    });
    // Where none are given, as its ticket was searched for.
    const same = await told<Told>('compare', ...runs, '--objectives', 'scaled', '--out', 'same');
    expect(same).toMatchObject({
      tickets: three.tickets.map(({ values: { scaled } }) => ({ values: { scaled } })),
      notes: ['"scaled" is evaluated with times 3.'],
    });
  });

  it.each([
    `run ${COMMON} --density 0.1 --method random --objective scaled`,
    `run ${COMMON} --density 0.1 --method cts --times 3`,
    `run ${COMMON} --method dense --objective scaled`,
    'score --method snip --objective kl --dataset digits --weights none --density 0.1 --out scores',
    'score --method saliency --times 3 --dataset digits --weights none --density 0.1 --out scores',
    'objective --objectives kl --times 3 --dataset digits --weights none',
    `compare ${COMMON} --methods snip,magnitude --objective kl --objectives kl`,
    `compare ${COMMON} --methods cts:kl --times 3 --objectives kl`,
    'bench --mode cts --times 3',
  ])('is not used, and neither is its option: %s', async (line) => {
    const { status, stderr } = await winnow(...words(line));
    expect(stderr).toMatch(/^error \[OPTION_NOT_USED\]: .*\n$/);
    expect(status).toBe(1);
  });
});

describe('winnow compare on a network that shows no activations', () => {
  const compare = words(
    'compare --dataset digits --model silent --epochs 1 --batch-size 512',
  ).concat(words('--methods magnitude --density 0.1 --seeds 1 --images 256'));

  it('leaves out what does not go with it, and says so', async () => {
    const { status, stdout } = await winnow(...compare, '--out', 'silent');
    expect(status).toBe(0);
    expect(stdout).toMatch(/^Left out: feature, since Objective "feature" needs activations/m);
    const { objectives, skipped } = await json<{
      objectives: string[];
      skipped: { objective: string }[];
    }>('silent/compare.json');
    expect(skipped.map(({ objective }) => objective)).toEqual(['feature']);
    expect(objectives).toContain('scaled');
    expect(objectives).not.toContain('feature');
  });

  it('refuses what was named, before anything is searched', async () => {
    const named = ['--objectives', 'feature', '--out', 'refused'];
    const { status, stderr } = await winnow(...compare, ...named);
    expect(stderr).toMatch(/^error \[UNSUPPORTED_MODEL\]: Objective "feature" .* silent/);
    expect(status).toBe(1);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });
});
