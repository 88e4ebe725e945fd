import { expect, it } from '@jest/globals';
import { type RunConfig, runIdentity } from '@winnow/experiments';
import { runSettings } from './run-settings.ts';

type Whole<T> = { readonly [K in keyof T]-?: T[K] extends object ? Whole<T[K]> : T[K] };

const component = (name: string) => ({ name, given: { a: 1 }, options: { a: 1, b: { c: [2] } } });

/** Of a run that has all that one can have. */
const WHOLE: Whole<RunConfig> = {
  format: 2,
  method: component('snip'),
  objective: component('kl'),
  model: component('resnet8'),
  dataset: {
    ...component('digits'),
    checksum: 'c0ffee',
    normalization: { mean: [0.5], std: [0.25] },
  },
  input: { height: 8, width: 8, channels: 1 },
  classes: 10,
  density: 0.1,
  leaveOut: ['stem.*'],
  layerDensities: { 'head.*': 0.5, 'stem.*': 0.9 },
  ablation: 'shuffle',
  seed: 1,
  start: 'rewind',
  rewindEpochs: 1,
  startWeights: { path: 'a.safetensors', hash: 'c0ffee' },
  recipe: {
    name: 'standard',
    learningRate: 0.1,
    epochs: 4,
    dropEpochs: [2],
    warmupEpochs: 0,
    weightDecay: 1e-3,
    batchSize: 32,
    momentum: 0.9,
    clipNorm: 2,
  },
  fineTune: { epochs: 1, learningRate: 0.01, schedule: 'linear' },
  validateEvery: 1,
  backend: 'cpu',
  plugins: [{ name: 'mine', specifier: './mine.mjs', version: '1.0.0', sha256: 'c0ffee' }],
  versions: { node: '22' },
};

/** What becomes of a value where one part of it is another one, or a map has one more. */
function variations(value: unknown): (readonly [path: string, value: unknown])[] {
  if (typeof value !== 'object' || value === null) return [['', `${String(value)}0`]];
  const own = Object.entries(value as Record<string, unknown>);
  const remade = (entries: typeof own): unknown =>
    Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
  return [
    ...(Array.isArray(value) ? [] : [['.NEW', { ...value, NEW: 1 }] as const]),
    ...own.flatMap(([key, part], i) =>
      variations(part).map(
        ([path, other]) => [`.${key}${path}`, remade(own.with(i, [key, other]))] as const,
      ),
    ),
  ];
}

const told = (config: unknown) =>
  JSON.stringify(
    [...runSettings({ config: config as RunConfig })].filter(([name]) => !/^version/.test(name)),
  );

it('has a column for whatever decides the numbers of a run, what is to come included', () => {
  const all = variations(WHOLE);
  const deciding = all.filter(
    ([, config]) => runIdentity(config as RunConfig) !== runIdentity(WHOLE as RunConfig),
  );
  const paths = deciding.map(([path]) => path);
  for (const path of ['.NEW', '.recipe.NEW', '.fineTune.epochs', '.method.options.b.c.0'])
    expect(paths).toContain(path);
  for (const path of ['.versions.node', '.validateEvery', '.startWeights.path', '.method.given.a'])
    expect(paths).not.toContain(path);
  const untold = deciding.filter(([, config]) => told(config) === told(WHOLE));
  // Of one version of the program there is one format.
  expect(untold.map(([path]) => path)).toEqual(['.format']);
});

it('tells the order of densities that layers have of their own', () => {
  const layerDensities = { 'stem.*': 0.9, 'head.*': 0.5 };
  expect(told({ ...WHOLE, layerDensities })).not.toBe(told(WHOLE));
});
