import { describe, expect, it } from '@jest/globals';
import type { RunConfig } from '@winnow/experiments';
import { tellRunsApart } from './tell-runs-apart.ts';

const component = (name: string, options = {}) => ({ name, given: {}, options });

const base: RunConfig = {
  format: 2,
  method: component('cts', { sparsityControl: 'gradbalance' }),
  objective: component('kl'),
  model: component('resnet20'),
  dataset: { ...component('cifar10'), given: { dataDir: '/here' }, checksum: 'c0ffee' },
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
  versions: {},
};
const run = (changes: Partial<RunConfig> = {}): RunConfig => ({ ...base, ...changes });
/** Of a method that follows no objective. */
const alone = (method: string, options = {}, changes: Partial<RunConfig> = {}): RunConfig => {
  const { objective: _, ...rest } = base;
  return { ...rest, method: component(method, options), ...changes };
};
const dense = alone('dense', {}, { start: 'init', rewindEpochs: 0 });

const named = (configs: readonly RunConfig[]) =>
  tellRunsApart(configs.map((config) => ({ config })));

describe('tellRunsApart', () => {
  it('needs the method and its objective alone where seeds, densities and places differ', () => {
    const elsewhere = { ...base.dataset, given: { dataDir: '/there' } };
    expect(
      named([
        run(),
        run({ seed: 2, density: 0.2 }),
        run({ dataset: elsewhere }),
        alone('snip', { iterations: 1 }),
        dense,
      ]),
    ).toEqual(['cts (kl)', 'cts (kl)', 'cts (kl)', 'snip', 'dense']);
  });

  it('names what else differs between runs of one method', () => {
    expect(
      named([
        run({ objective: component('loss') }),
        run({ method: component('cts', { sparsityControl: 'lagrange' }) }),
        alone('snip', { iterations: 1 }),
        alone('snip', { iterations: 20 }),
        alone('magnitude', {}, { start: 'init', rewindEpochs: 0 }),
        alone('magnitude'),
      ]),
    ).toEqual([
      'cts (loss, gradbalance, rewind after 3)',
      'cts (kl, lagrange, rewind after 3)',
      'snip (iterations 1, rewind after 3)',
      'snip (iterations 20, rewind after 3)',
      'magnitude (init)',
      'magnitude (rewind after 3)',
    ]);
  });

  it('names the options of an objective where runs that follow it differ in them', () => {
    const focal = (gamma: number) => run({ objective: component('focal', { gamma }) });
    expect(named([focal(1), focal(2), run()])).toEqual([
      'cts (focal, gamma 1)',
      'cts (focal, gamma 2)',
      'cts (kl)',
    ]);
    expect(named([focal(2), run()])).toEqual(['cts (focal)', 'cts (kl)']);
  });

  it('keeps options of one name of a method and a model apart', () => {
    const wide = (method: number, model: number) =>
      alone('mine', { width: method }, { model: component('resnet20', { width: model }) });
    expect(named([wide(1, 5), wide(2, 5)])).toEqual(['mine (width 1)', 'mine (width 2)']);
  });

  it('says what is not given where nothing else is to be said', () => {
    const cts = (options: object) => run({ method: component('cts', options) });
    expect(
      named([cts({ duration: 'short' }), cts({ searchEpochs: 5 }), cts({ duration: 'long' })]),
    ).toEqual(['cts (kl, short)', 'cts (kl, search epochs 5)', 'cts (kl, long)']);
    expect(named([cts({}), cts({ searchEpochs: 5 })])).toEqual([
      'cts (kl, no search epochs given)',
      'cts (kl, search epochs 5)',
    ]);
    // Texts stand without the name of their option.
    expect(named([alone('mine', { near: 'fast' }), alone('mine', { far: 'fast' })])).toEqual([
      'mine (fast, no far given)',
      'mine (fast, no near given)',
    ]);
  });

  it('names layers that are left out', () => {
    expect(named([run(), run({ leaveOut: ['stem.*'] })])).toEqual([
      'cts (kl, no leave out given)',
      'cts (kl, leave out ["stem.*"])',
    ]);
  });

  it('names densities of layers, whose order counts, and no order of options', () => {
    const own = (layerDensities: Record<string, number>) => run({ layerDensities });
    expect(named([own({ '*': 1, 'a.*': 0.5 }), own({ 'a.*': 0.5, '*': 1 }), run()])).toEqual([
      'cts (kl, layer densities ["*=1","a.*=0.5"])',
      'cts (kl, layer densities ["a.*=0.5","*=1"])',
      'cts (kl, no layer densities given)',
    ]);
    const mine = (weights: object) => alone('mine', { weights });
    expect(named([mine({ a: 1, b: 2 }), mine({ b: 2, a: 1 })])).toEqual(['mine', 'mine']);
  });

  it('tells a ticket from its ablation, one set of data from another, and dense runs apart', () => {
    const long = { ...dense, recipe: { ...base.recipe, epochs: 40 } };
    const other = { ...base.dataset, checksum: 'decaf' };
    expect(
      named([
        run(),
        run({ ablation: 'shuffle' }),
        alone('grasp'),
        alone('grasp', {}, { dataset: other }),
        dense,
        long,
      ]),
    ).toEqual([
      'cts (kl, data c0ffee, no ablation, epochs 160)',
      'cts (kl, data c0ffee, shuffle, epochs 160)',
      'grasp (data c0ffee, epochs 160)',
      'grasp (data decaf, epochs 160)',
      'dense (data c0ffee, epochs 160)',
      'dense (data c0ffee, epochs 40)',
    ]);
  });

  it.each<[what: string, ours: string, theirs: string, changes: Partial<RunConfig>]>([
    [
      'epochs',
      'epochs 160',
      'epochs 8',
      { recipe: { ...base.recipe, epochs: 8, dropEpochs: [4] } },
    ],
    [
      'when rates fall',
      'drop epochs [80,120]',
      'drop epochs [80]',
      { recipe: { ...base.recipe, dropEpochs: [80] } },
    ],
    [
      'learning rates',
      'learning rate 0.1',
      'learning rate 0.05',
      { recipe: { ...base.recipe, learningRate: 0.05 } },
    ],
    ['batches', 'batch size 512', 'batch size 32', { recipe: { ...base.recipe, batchSize: 32 } }],
    [
      'decay',
      'weight decay 0.001',
      'weight decay 0',
      { recipe: { ...base.recipe, weightDecay: 0 } },
    ],
    [
      'recipes',
      'recipe standard',
      'recipe authors',
      { recipe: { ...base.recipe, name: 'authors' } },
    ],
    ['start points', 'rewind after 3', 'init', { start: 'init', rewindEpochs: 0 }],
    ['rewind epochs', 'rewind after 3', 'rewind after 5', { rewindEpochs: 5 }],
    ['backends', 'on wasm', 'on native', { backend: 'native' }],
    ['what is left out', 'no leave out given', 'leave out ["a"]', { leaveOut: ['a'] }],
    [
      'layers of their own',
      'no layer densities given',
      'layer densities ["a=1"]',
      { layerDensities: { a: 1 } },
    ],
    [
      'ways to fine-tune',
      'not fine-tuned',
      'fine-tuned 1 epoch at 0.001, linear',
      { fineTune: { epochs: 1, learningRate: 0.1 * 0.1 ** 2, schedule: 'linear' } },
    ],
    [
      'start weights',
      'no start weights given',
      'weights 0123',
      { startWeights: { path: '/here', hash: '0123' } },
    ],
  ])('says in the rows of two methods that their %s differ', (_, ours, theirs, changes) => {
    const dark = { ...dense, ...changes, start: 'init' as const, rewindEpochs: 0 };
    const [mine, other, level] = named([run(), alone('snip', {}, changes), dark]);
    expect([mine, other]).toEqual([`cts (kl, ${ours})`, `snip (${theirs})`]);
    // Of the dense network, which is not pruned, only what can differ.
    const pruning = /rewind|leave|layer/.test(ours);
    expect(level!.startsWith('dense')).toBe(true);
    expect(level!.includes(theirs)).toBe(!pruning);
  });

  it('names the code of a plugin where runs had other code of it, and not who has it', () => {
    const having = (sha256: string) => ({
      plugins: [{ name: 'mine', specifier: '/mine.js', sha256 }],
    });
    expect(named([run(having('aa')), alone('snip', {}, having('bb')), dense])).toEqual([
      'cts (kl, plugin mine aa)',
      'snip (plugin mine bb)',
      'dense',
    ]);
    expect(named([run(having('aa')), alone('snip')])).toEqual(['cts (kl)', 'snip']);
  });

  it('names an ablation also where no ticket of its method is beside it', () => {
    expect(named([run({ ablation: 'shuffle' }), alone('snip')])).toEqual([
      'cts (kl, shuffle)',
      'snip',
    ]);
  });

  it('leaves rows of different versions together', () => {
    expect(named([run({ versions: { node: '20' } }), run()])).toEqual(['cts (kl)', 'cts (kl)']);
  });

  it('names the instruction set where not all runs of the engine have had the same, or one has changed it', () => {
    const on = (...sets: string[]) => ({
      config: run({ backend: 'native' }),
      environments: sets.map((instructions) => ({ backend: 'native', instructions })),
    });
    const elsewhere = { config: run(), environments: [{ backend: 'wasm' }] };
    expect(tellRunsApart([on('sse2'), on('avx512'), elsewhere])).toEqual([
      'cts (kl, on native, sse2)',
      'cts (kl, on native, avx512)',
      'cts (kl, on wasm)',
    ]);
    expect(tellRunsApart([on('avx2'), on('avx2')])).toEqual(['cts (kl)', 'cts (kl)']);
    expect(tellRunsApart([on('sse2', 'avx2', 'sse2')])).toEqual([
      'cts (kl, sse2 then avx2 then sse2)',
    ]);
  });

  it('refuses runs of different networks', () => {
    const other = run({ model: component('vgg16') });
    expect(() => named([run(), other])).toThrow(expect.objectContaining({ code: 'MIXED_RUNS' }));
  });
});
