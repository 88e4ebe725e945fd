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

const refusal = (...args: Parameters<typeof planChecks>) => {
  try {
    planChecks(...args);
  } catch (error) {
    return error as { readonly code: string; readonly message: string };
  }
  throw new Error('It is taken.');
};

const weights = (file: string) => ({ startWeights: { path: `${file}.pt`, hash: file } });
const ticketOf = (file: string) => {
  const options = { ticket: `${file}.safetensors` };
  return { method: { name: 'given', given: options, options, checksum: file } };
};
const FILES = [
  ['start weights', weights],
  ['ticket', ticketOf],
] as const;

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
    expect(refusal(runs, seeds).code).toBe('INVALID_OPTION');
  });

  it.each(FILES)('adds no seed to runs whose %s a file has, and says what to do', (what, of) => {
    const one = refusal([run('a', of('one'))], 3);
    expect(one.code).toBe('INVALID_OPTION');
    expect(one.message).toBe(
      `At density 0.1 there are runs of 1 of 3 seeds, and none can be added: a takes its ${what} from a file, whatever its seed. Give runs of 3 seeds at each density, each with its own ${what}.`,
    );
    const three = [1, 2, 3].map((seed) => run(`of${seed}`, { seed, ...of(`file${seed}`) }));
    expect(refusal(three, 5).message).toMatch(/ are runs of 3 of 5 seeds, .*, or --seeds 3\.$/);
  });

  it.each(FILES)('takes runs of which each has its own %s', (_, of) => {
    const given = [1, 2, 3].map((seed) => run(`of${seed}`, { seed, ...of(`file${seed}`) }));
    const [plan] = planChecks(given, 3);
    expect(plan!.replicates.map(({ folder }) => folder.path)).toEqual(['of1', 'of2', 'of3']);
    expect(refusal([...given, run('other', { seed: 4 })], 3).message).toContain(' differ in ');
  });
});
