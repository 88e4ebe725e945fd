import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import { openOnce, planRun } from '@winnow/experiments';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import backends from '@winnow/tensor-backend/node';
import { writeFailure } from '../execute/run-failure.ts';
import { planStudy } from './plan-study.ts';
import { standings } from './run-standing.ts';
import { parseStudy } from './study-file.ts';
import { studyTable, tellStates } from './tell-study.ts';

const registry = new ComponentRegistry(
  [backends, data, models, objectives, pruners].flatMap(({ components }) => components),
);
const openDataset = openOnce();
const place = { path: 's.yaml', lineOf: () => 1 };
const base = { dataset: 'digits', model: 'lenet', epochs: 2, start: 'init' };

let runs: string;
beforeAll(async () => {
  runs = await mkdtemp(join(tmpdir(), 'winnow-study-'));
});
afterAll(() => rm(runs, { recursive: true }));

interface Made {
  readonly backend?: string;
  readonly versions?: object;
  readonly registry?: ComponentRegistry;
}
const planned = (content: object, made: Made = {}) =>
  planStudy(parseStudy(content, place), {
    ...{ registry, runs, openDataset, backend: 'cpu', ...made },
    versions: { winnow: '1', commit: 'a', ...made.versions },
  });
const namesOf = async (...args: Parameters<typeof planned>) =>
  (await planned(...args)).map(({ name }) => name);

const axes = { method: ['magnitude', 'dense'], density: [0.1, 0.05] };

it('is each run once, under a name that knows no version, and no backend unless the study sets one', async () => {
  const names = await namesOf({ base, axes, seeds: [3, 1] });
  expect(names.map((name) => name.replace(/-[0-9a-f]{8}$/, ''))).toEqual([
    'digits-lenet-magnitude-0.1-seed3',
    'digits-lenet-magnitude-0.1-seed1',
    'digits-lenet-magnitude-0.05-seed3',
    'digits-lenet-magnitude-0.05-seed1',
    'digits-lenet-dense-seed3',
    'digits-lenet-dense-seed1',
  ]);
  const elsewhere = { backend: 'wasm', versions: { winnow: '2' } };
  expect(await namesOf({ base, axes, seeds: [3, 1] }, elsewhere)).toEqual(names);
  const onWasm = await namesOf({ base: { ...base, backend: 'wasm' }, axes, seeds: [1] });
  expect(names).not.toContain(onWasm[0]);
  const plugin = { name: 'mine', specifier: '/mine.js', sha256: 'a' };
  const brought = registry.all('backend').map((one) => ({ ...one, plugin: 'mine' }));
  const others = [data, models, objectives, pruners].flatMap(({ components }) => components);
  const withPlugin = { registry: new ComponentRegistry([...brought, ...others], [plugin]) };
  const ofPlugin = await planned({ base, axes, seeds: [3, 1] }, withPlugin);
  expect(ofPlugin.map(({ name }) => name)).toEqual(names);
  expect(ofPlugin.map(({ config }) => config.plugins)).toEqual(
    names.map(() => [{ ...plugin, brings: ['backend'] }]),
  );
});

it('takes densities of layers as a map, as flags have them, and as values of an axis', async () => {
  const pruned = { ...base, method: 'magnitude', density: 0.1 };
  const [map] = await planned({ base: { ...pruned, 'layer-density': { 'fc3.*': 0.5 } } });
  const [flags] = await planned({ base: { ...pruned, 'layer-density': ['fc3.*=0.5'] } });
  const axis = await planned({
    base: pruned,
    axes: { 'layer-density': ['fc3.*=0.5', 'fc1.*=0.2'] },
  });
  expect(map!.config.layerDensities).toEqual({ 'fc3.*': 0.5 });
  expect(flags!.name).toBe(map!.name);
  const order = [
    { 'fc3*': 0.2, 'fc3.*': 0.5 },
    { 'fc3.*': 0.5, 'fc3*': 0.2 },
  ];
  const turned = await planned({
    base: pruned,
    axes: { layers: order.map((one) => ({ 'layer-density': one })) },
  });
  expect(turned).toHaveLength(2);
  expect(axis.map(({ config }) => config.layerDensities)).toEqual([
    { 'fc3.*': 0.5 },
    { 'fc1.*': 0.2 },
  ]);
});

it('names a run of a set backend as winnow run does', async () => {
  const [name] = await namesOf({
    base: { ...base, backend: 'cpu', method: 'magnitude', density: 0.1 },
  });
  const asked = {
    ...base,
    method: 'magnitude',
    density: 0.1,
    seed: 0,
    recipe: 'standard',
  } as const;
  const made = { options: {}, backend: 'cpu', versions: {} };
  const plan = await planRun({ ...asked, start: 'init', ...made }, registry);
  expect(name).toBe(plan.name);
});

it('tells how far its runs are, and which were made otherwise', async () => {
  const study = { base, axes, seeds: [1] };
  const [first, second] = await planned(study);
  await first!.folder.hold(async (held) => {
    await held.claim({ ...first!.config, backend: 'wasm' });
    await held.writeEnvironments([{ backend: 'wasm', winnow: '0', commit: 'a' }]);
    await held.writeResult({} as never);
  });
  await second!.folder.hold((held) => held.claim(second!.config));
  await writeFailure(second!.folder, { reason: 'No.', log: ['no'], at: '' });
  const found = await standings(await planned(study));
  expect(found.map(({ state, differs }) => [state, differs])).toEqual([
    ['done', { backend: 'wasm', version: '0' }],
    ['failed', {}],
    ['new', {}],
  ]);
  expect(found[1]!.failure).toMatchObject({ reason: 'No.', log: ['no'] });
  expect(tellStates(found)).toBe('3 runs: 1 done, 1 failed, 1 new');
  expect(studyTable(found).rows[1]).toEqual(['magnitude', '0.05', '1', '1 failed']);
  await second!.folder.hold(async () => {
    const [, held] = await standings(await planned(study));
    expect(held).toMatchObject({ state: 'running', worker: { pid: process.pid } });
  });
});

it('tells an option that a component refuses by the line that gives it', async () => {
  const bad = planned({ base: { ...base, method: 'cts', density: 0.1, duration: 'ages' } });
  await expect(bad).rejects.toThrow(
    expect.objectContaining({
      code: 'BAD_STUDY',
      message: expect.stringMatching(
        /line 1: of method "cts": "duration" must be long or half or short\./,
      ),
    }),
  );
});

it.each<[what: string, base: object, code: string, told: RegExp]>([
  [
    'start weights',
    { 'start-weights': 'gone.safetensors' },
    'BAD_STUDY',
    /^a\/b\.yaml, line base\.start-weights: of method "cts": .* \S+\/a\/gone\.safetensors/,
  ],
  [
    'a rewind point',
    { start: 'rewind', 'rewind-epochs': 5 },
    'BAD_STUDY',
    /line base\.rewind-epochs: .*after epoch 5.*Give fewer "rewind-epochs" or more "epochs"\.$/,
  ],
  ['a density', { density: 7 }, 'BAD_STUDY', /line base\.density: .*Density 7 is not /],
  [
    'the density of a layer',
    { 'layer-density': ['fc3.*=7'] },
    'BAD_STUDY',
    /line base\.layer-density: .*Density 7 is not /,
  ],
  ['a backend', { backend: 'cuda' }, 'BAD_STUDY', /line base\.backend: there is no backend "cuda"/],
  ['a recipe', { 'learning-rate': -1 }, 'BAD_STUDY', /line base\.learning-rate: /],
  [
    'a data set',
    { dataset: 'cifar10' },
    'BAD_STUDY',
    /line base\.dataset: .*"data-dir": give the folder/,
  ],
  [
    'data that are not there',
    { dataset: 'cifar10', 'data-dir': 'nowhere' },
    'DATA_NOT_FOUND',
    /^a\/b\.yaml, line base\.data-dir: /,
  ],
])('tells what is wrong with %s by its line, paths as seen from the file', async (...row) => {
  const [, own, code, told] = row;
  const at = { path: 'a/b.yaml', lineOf: (path: readonly PropertyKey[]) => path.join('.') };
  const content = { base: { ...base, method: 'cts', density: 0.1, ...own } };
  const bad = planStudy(parseStudy(content, at as never), {
    ...{ registry, runs, openDataset, backend: 'cpu', versions: {} },
  });
  await expect(bad).rejects.toThrow(
    expect.objectContaining({ code, message: expect.stringMatching(told) }),
  );
});
