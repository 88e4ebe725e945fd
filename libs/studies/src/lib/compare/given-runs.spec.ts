import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import { WHOLE_CONFIG } from '../testing/config-variations.ts';
import { givenRuns } from './given-runs.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'winnow-given-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const component = (name: string, options = {}) => ({ name, given: {}, options });

const base: RunConfig = {
  format: 2,
  method: component('cts', { searchEpochs: 1 }),
  objective: component('kl'),
  model: component('resnet8'),
  dataset: { ...component('digits'), checksum: 'c0ffee' },
  input: { height: 8, width: 8, channels: 1 },
  classes: 10,
  density: 0.1,
  seed: 1,
  start: 'rewind',
  rewindEpochs: 1,
  recipe: { ...WHOLE_CONFIG.recipe, dropEpochs: [2] },
  backend: 'cpu',
  plugins: [],
  versions: {},
};

async function make(name: string, changes: object = {}): Promise<string> {
  const folder = join(root, name);
  await rm(folder, { recursive: true, force: true });
  await new RunFolder(folder).claim({ ...base, ...changes });
  return folder;
}

describe('givenRuns', () => {
  it('takes a folder once, however its path is written', async () => {
    const one = await make('one');
    const two = await make('two', { seed: 2 });
    const runs = await givenRuns([one, two, `${one}/`, join(two, '..', 'one')]);
    expect(runs.map(({ config }) => config.seed)).toEqual([1, 2]);
  });

  it('minds no order of options', async () => {
    const of = (options: object) => ({ model: component('resnet8', options) });
    const one = await make('ordered', of({ a: 1, b: 2 }));
    const two = await make('reversed', { ...of({ b: 2, a: 1 }), seed: 2 });
    expect(await givenRuns([one, two])).toHaveLength(2);
  });

  it('refuses two runs that would count as two seeds of one method', async () => {
    const one = await make('one');
    const copy = await make('copy', { versions: { node: '22.1.0' } });
    await expect(givenRuns([one, copy])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('cts (kl), density 0.1, seed 1'),
    });
    const elsewhere = await make('elsewhere', { backend: 'wasm' });
    expect(await givenRuns([one, elsewhere])).toHaveLength(2);
    const slower = await make('slower');
    await new RunFolder(one).writeEnvironments([{ backend: 'cpu', instructions: 'avx2' }]);
    await new RunFolder(slower).writeEnvironments([{ backend: 'cpu', instructions: 'sse2' }]);
    expect(await givenRuns([one, slower])).toHaveLength(2);
    const longer = await make('longer', { method: component('cts', { searchEpochs: 2 }) });
    expect(await givenRuns([one, longer])).toHaveLength(2);
  });

  it('refuses rewind points that different recipes led to, which is no matter at initialisation', async () => {
    const recipe = { ...base.recipe, learningRate: 0.2 };
    const paths = [await make('one'), await make('faster', { recipe })];
    await expect(givenRuns(paths)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const init = { start: 'init', rewindEpochs: 0 };
    const there = [await make('init', init), await make('init-faster', { ...init, recipe })];
    expect(await givenRuns(there)).toHaveLength(2);
  });

  it('refuses runs that start from other weights, wherever the same ones lie', async () => {
    const from = (path: string, hash: string) => ({ startWeights: { path, hash } });
    const one = await make('from-one', from('/a', 'c0ffee'));
    const two = await make('from-two', { ...from('/b', 'decaf'), seed: 2 });
    await expect(givenRuns([one, two])).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('differ in their start weights'),
    });
    const fresh = await make('fresh', { seed: 2 });
    await expect(givenRuns([one, fresh])).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const moved = await make('moved', { ...from('/c', 'c0ffee'), seed: 2 });
    expect(await givenRuns([one, moved])).toHaveLength(2);
  });
});
