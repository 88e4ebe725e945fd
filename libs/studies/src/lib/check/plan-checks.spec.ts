import { describe, expect, it } from '@jest/globals';
import { type RunConfig, RunFolder } from '@winnow/experiments';
import { planChecks } from './plan-checks.ts';

const component = (name: string) => ({ name, given: {}, options: {} });

const base = {
  method: component('cts'),
  objective: component('kl'),
  model: component('resnet8'),
  dataset: { ...component('digits'), checksum: '' },
  plugins: [],
  versions: {},
} as unknown as RunConfig;

const run = (path: string, given: Partial<RunConfig>) => ({
  folder: new RunFolder(path),
  config: { ...base, density: 0.1, seed: 1, ...given },
});

const code = (...args: Parameters<typeof planChecks>) => {
  try {
    planChecks(...args);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('planChecks', () => {
  it('takes runs of one density for replicates, and adds the next seeds below the first', () => {
    const plans = planChecks(
      [
        run('sparse3', { density: 0.01, seed: 3 }),
        run('a', {}),
        run('sparse4', { density: 0.01, seed: 4 }),
      ],
      3,
    );
    const shown = plans.map(({ density, replicates }) => [
      density,
      ...replicates.map(({ folder, config }) => `${folder.path} ${config.density} ${config.seed}`),
    ]);
    expect(shown).toEqual([
      [0.1, 'a 0.1 1', 'a/checks/seed2 0.1 2', 'a/checks/seed3 0.1 3'],
      [0.01, 'sparse3 0.01 3', 'sparse4 0.01 4', 'sparse3/checks/seed5 0.01 5'],
    ]);
  });

  it('counts a run that is given twice once', () => {
    const [plan] = planChecks([run('a', {}), run('./a/', {})], 3);
    expect(plan!.replicates.map(({ config }) => config.seed)).toEqual([1, 2, 3]);
  });

  it.each([
    ['another method', [run('a', {}), run('b', { method: component('snip') })], 3],
    ['the same seed in two folders', [run('a', {}), run('b', {})], 3],
    ['two seeds', [run('a', {})], 2],
    ['a dense run', [run('a', { method: component('dense') })], 3],
    ['an ablation', [run('a', { ablation: 'shuffle' })], 3],
  ])('refuses %s', (_, runs, seeds) => {
    expect(code(runs, seeds)).toBe('INVALID_OPTION');
  });
});
