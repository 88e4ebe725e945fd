import { type RunConfig, runIdentity } from '@winnow/experiments';

type Whole<T> = { readonly [K in keyof T]-?: T[K] extends object ? Whole<T[K]> : T[K] };

const component = (name: string) => ({ name, given: { a: 1 }, options: { a: 1, b: { c: [2] } } });

/** Of a run that has all that one can have. */
export const WHOLE_CONFIG: Whole<RunConfig> = {
  format: 2,
  method: { ...component('snip'), checksum: 'c0ffee' },
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
  plugins: [
    {
      name: 'mine',
      specifier: './mine.mjs',
      version: '1.0.0',
      sha256: 'c0ffee',
      brings: ['method'],
    },
  ],
  versions: { node: '22' },
};

/** What becomes of a value where one part of it is another one, or a map has one more. */
function variations(value: unknown): (readonly [path: string, value: unknown])[] {
  if (typeof value === 'number') return [['', value + 1]];
  if (typeof value !== 'object' || value === null)
    return [['', value === 'rewind' ? 'init' : `${String(value)}0`]];
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

/** All that the whole one may be otherwise, so that its numbers may be too. */
export const decidingVariations = () =>
  (variations(WHOLE_CONFIG) as [path: string, config: RunConfig][]).filter(
    ([, config]) => runIdentity(config) !== runIdentity(WHOLE_CONFIG as RunConfig),
  );
