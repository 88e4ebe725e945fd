import { describe, expect, it } from '@jest/globals';
import type { RunConfig } from './run-config.ts';
import { tellRunsApart } from './tell-runs-apart.ts';

const base: RunConfig = {
  format: 1,
  method: 'cts',
  methodOptions: { objective: 'kl', sparsityControl: 'gradbalance' },
  model: { name: 'resnet20', options: {} },
  dataset: { name: 'cifar10', options: { dataDir: '/here' }, checksum: 'c0ffee' },
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
const dense = run({ method: 'dense', methodOptions: {}, start: 'init', rewindEpochs: 0 });

describe('tellRunsApart', () => {
  it('needs the method and its objective alone where seeds, densities and places differ', () => {
    const elsewhere = { ...base.dataset, options: { dataDir: '/there' } };
    expect(
      tellRunsApart([
        run(),
        run({ seed: 2, density: 0.2 }),
        run({ dataset: elsewhere }),
        run({ method: 'snip', methodOptions: { iterations: 1 } }),
        dense,
      ]),
    ).toEqual(['cts (kl)', 'cts (kl)', 'cts (kl)', 'snip', 'dense']);
  });

  it('names what else differs between runs of one method', () => {
    expect(
      tellRunsApart([
        run({ methodOptions: { objective: 'loss', sparsityControl: 'gradbalance' } }),
        run({ methodOptions: { objective: 'kl', sparsityControl: 'lagrange' } }),
        run({ method: 'snip', methodOptions: { iterations: 1 } }),
        run({ method: 'snip', methodOptions: { iterations: 20 } }),
        run({ method: 'magnitude', start: 'init', rewindEpochs: 0, methodOptions: {} }),
        run({ method: 'magnitude', methodOptions: {} }),
      ]),
    ).toEqual([
      'cts (loss, gradbalance)',
      'cts (kl, lagrange)',
      'snip (iterations 1)',
      'snip (iterations 20)',
      'magnitude (init)',
      'magnitude (rewind after 3)',
    ]);
  });

  it('tells a ticket from its ablation, one set of data from another, and dense runs apart', () => {
    const long = { ...dense, recipe: { ...base.recipe, epochs: 40 } };
    const other = { ...base.dataset, checksum: 'decaf' };
    const grasp = { method: 'grasp', methodOptions: {} };
    expect(
      tellRunsApart([
        run(),
        run({ ablation: 'shuffle' }),
        run(grasp),
        run({ ...grasp, dataset: other }),
        dense,
        long,
      ]),
    ).toEqual([
      'cts (kl, no ablation)',
      'cts (kl, shuffle)',
      'grasp (data c0ffee)',
      'grasp (data decaf)',
      'dense (epochs 160)',
      'dense (epochs 40)',
    ]);
  });

  it('refuses runs of different networks', () => {
    const other = run({ model: { name: 'vgg16', options: {} } });
    expect(() => tellRunsApart([run(), other])).toThrow(
      expect.objectContaining({ code: 'MIXED_RUNS' }),
    );
  });
});
