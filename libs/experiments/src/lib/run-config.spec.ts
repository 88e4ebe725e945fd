import { describe, expect, it } from '@jest/globals';
import { type RunConfig, firstDifference, runConfig } from './run-config.ts';

const config: RunConfig = {
  format: 2,
  method: { name: 'cts', given: {}, options: { path: 'a' } },
  objective: { name: 'kl', given: {}, options: {} },
  model: { name: 'resnet20', given: {}, options: { shortcut: 'conv3x3' } },
  dataset: {
    name: 'cifar10',
    given: {},
    options: { trainImages: 100 },
    checksum: 'c0ffee',
  },
  input: { height: 32, width: 32, channels: 3 },
  classes: 10,
  density: 0.01,
  seed: 1,
  start: 'rewind',
  rewindEpochs: 3,
  recipe: {
    name: 'standard',
    learningRate: 0.1,
    epochs: 160,
    dropEpochs: [80, 120],
    warmupEpochs: 0,
    weightDecay: 1e-3,
    batchSize: 512,
    momentum: 0.9,
    clipNorm: 2,
  },
  backend: 'wasm',
  plugins: [],
  versions: { winnow: '0.1.0' },
};

type Edit = (c: RunConfig) => Partial<RunConfig>;
const options = (given: Record<string, unknown>): Edit => {
  return ({ dataset }) => ({ dataset: { ...dataset, options: given } });
};

const plugin = (name: string, specifier = `/${name}.js`) => ({ name, specifier, sha256: name });

describe('firstDifference', () => {
  it('tells plugins apart by their code, wherever and in whatever order it lies', () => {
    const before = { ...config, plugins: [plugin('a'), { ...plugin('b'), version: '1.0.0' }] };
    const now = { ...config, plugins: [plugin('b', '/elsewhere/b.js'), plugin('a')] };
    expect(firstDifference(before, now)).toBeUndefined();
    expect(firstDifference(before, { ...config, plugins: [plugin('a')] })?.path).toBe('plugins.1');
  });

  it.each<[what: string, edit: Edit]>([
    ['nothing', () => ({})],
    ['versions', () => ({ versions: { winnow: '9.9.9', node: '99' } })],
    [
      'where the data lie',
      ({ dataset }) => ({ dataset: { ...dataset, given: { dataDir: '/there' } } }),
    ],
    [
      'what is given of the same options',
      ({ method }) => ({ method: { ...method, given: { path: 'a' } } }),
    ],
  ])('does not mind a change of %s', (_, edit) => {
    const now = structuredClone({ ...config, ...edit(config) });
    expect(firstDifference(config, now)).toBeUndefined();
  });

  it.each<[path: string, before: unknown, now: unknown, edit: Edit]>([
    ['density', 0.01, 0.02, () => ({ density: 0.02, seed: 2 })],
    [
      'objective.name',
      'kl',
      'loss',
      ({ objective }) => ({ objective: { ...objective!, name: 'loss' } }),
    ],
    [
      'objective.options.gamma',
      undefined,
      2,
      ({ objective }) => ({ objective: { ...objective!, options: { gamma: 2 } } }),
    ],
    [
      'method.options.path',
      'a',
      'b',
      ({ method }) => ({ method: { ...method, options: { path: 'b' } } }),
    ],
    [
      'fineTune',
      undefined,
      { epochs: 1, learningRate: 0.1, schedule: 'constant' },
      () => ({ fineTune: { epochs: 1, learningRate: 0.1, schedule: 'constant' } }),
    ],
    ['leaveOut', undefined, ['stem.*'], () => ({ leaveOut: ['stem.*'] })],
    ['layerDensities', undefined, { 'head.*': 1 }, () => ({ layerDensities: { 'head.*': 1 } })],
    [
      'recipe.dropEpochs.1',
      120,
      121,
      ({ recipe }) => ({ recipe: { ...recipe, dropEpochs: [80, 121] } }),
    ],
    [
      'plugins.0',
      undefined,
      { name: 'mine', sha256: 'abc' },
      () => ({ plugins: [{ name: 'mine', specifier: '/mine.js', sha256: 'abc' }] }),
    ],
    [
      'dataset.checksum',
      'c0ffee',
      'decaf',
      ({ dataset }) => ({ dataset: { ...dataset, checksum: 'decaf' } }),
    ],
    ['dataset.options.trainImages', 100, undefined, options({})],
  ])('finds %s', (path, before, now, edit) => {
    expect(firstDifference(config, { ...config, ...edit(config) })).toEqual({ path, before, now });
  });

  it('minds the order of patterns, of which the later count', () => {
    const [one, other] = [
      { '*': 0.5, 'head.*': 1 },
      { 'head.*': 1, '*': 0.5 },
    ].map((layerDensities) => ({ ...config, layerDensities }));
    expect(firstDifference(one!, other!)?.path).toBe('layerOrder.0');
  });

  it('names the layer whose density differs', () => {
    const [one, other] = [0.5, 0.6].map((density) => ({
      ...config,
      layerDensities: { '*': 1, 'fc3*': density },
    }));
    expect(firstDifference(one!, other!)).toEqual({
      path: 'layerDensities.fc3*',
      before: 0.5,
      now: 0.6,
    });
  });

  it('is not misled by a trip through a file', () => {
    const reread = runConfig.parse(JSON.parse(JSON.stringify(config)));
    expect(firstDifference(reread, config)).toBeUndefined();
  });
});
