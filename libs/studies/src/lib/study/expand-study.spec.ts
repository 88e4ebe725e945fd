import { describe, expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import fc from 'fast-check';
import { expandStudy } from './expand-study.ts';
import { SettingNames } from './run-settings.ts';
import { settleSettings } from './settle-settings.ts';
import { parseStudy } from './study-file.ts';

const registry = new ComponentRegistry(
  [data, models, objectives, pruners].flatMap(({ components }) => components),
);
const names = new SettingNames(registry);
/** Says, in the place of lines, how deep the value to blame lies. */
const place = { path: 's.yaml', lineOf: ({ length }: readonly PropertyKey[]) => length };
const study = (content: object) => parseStudy(content, place);
const expanded = (content: object) => expandStudy(study(content), names);
const settled = (content: object) => settleSettings(expanded(content), study(content), registry);
const base = { dataset: 'digits', model: 'resnet8' };

describe('the settings of a study', () => {
  it('are the combinations of its axes with each seed, over the base and what is usual', () => {
    const settings = expanded({
      base: { ...base, 'batch-size': 32 },
      axes: { method: ['cts', 'snip'], density: [0.1, 0.05, 0.01] },
      seeds: 2,
    });
    expect(settings).toHaveLength(12);
    expect(settings[3]!.values).toEqual({
      ...base,
      batchSize: 32,
      method: 'cts',
      density: 0.05,
      seed: 2,
      start: 'rewind',
      recipe: 'standard',
    });
    expect(settings[3]!.from).toMatchObject({
      batchSize: ['base', 'batch-size'],
      density: ['axes', 'density', 1],
      seed: ['seeds'],
    });
  });

  it('keep a seed of their own, where others take all seeds', () => {
    const method = ['magnitude', { method: 'dense', seed: 7 }];
    const settings = expanded({ base, axes: { method }, seeds: 2 });
    expect(settings.map(({ values }) => values['seed'])).toEqual([1, 2, 7]);
  });

  it('have a map for a value, where the axis takes maps, and settings by name where not', () => {
    const densities = expanded({ base, axes: { 'layer-density': [{ 'stem.*': 0.5 }, {}] } });
    expect(densities.map(({ values }) => values['layerDensity'])).toEqual([{ 'stem.*': 0.5 }, {}]);
  });

  it('are the base alone where there are no axes, and nothing but what is listed where something is', () => {
    expect(expanded({ base }).map(({ values }) => values['seed'])).toEqual([0]);
    const listed = expanded({
      base,
      include: [
        { method: 'snip', density: 0.1 },
        { method: 'dense', seed: 7 },
      ],
      seeds: [1, 2],
    });
    expect(listed.map(({ values: { method, seed } }) => [method, seed])).toEqual([
      ['snip', 1],
      ['snip', 2],
      ['dense', 7],
    ]);
  });

  it('may be several to a value of an axis', () => {
    const settings = expanded({
      base,
      axes: { what: [{ method: 'cts', objective: 'kl' }, { method: 'snip' }], density: [0.1] },
    });
    expect(settings.map(({ values: { method, objective } }) => [method, objective])).toEqual([
      ['cts', 'kl'],
      ['snip', undefined],
    ]);
  });

  it('are those that the conditions leave, usual values included', () => {
    const axes = { method: ['synflow', 'snip', 'random'], start: ['init', 'rewind'] };
    const left = (where: readonly object[]) =>
      expanded({ base: { ...base, density: 0.1 }, axes, where }).map(
        ({ values: { method, start } }) => `${method as string} ${start as string}`,
      );
    expect(left([{ if: { method: 'synflow' }, only: { start: 'init' } }])).toEqual([
      'synflow init',
      'snip init',
      'snip rewind',
      'random init',
      'random rewind',
    ]);
    expect(left([{ skip: { method: ['snip', 'random'], start: 'rewind' } }])).toEqual([
      'synflow init',
      'synflow rewind',
      'snip init',
      'random init',
    ]);
    expect(expanded({ base, where: [{ if: {}, only: { start: 'rewind' } }] })).toHaveLength(1);
  });

  it('number a hundred thousand where so many are described', () => {
    const densities = Array.from({ length: 50 }, (_, i) => (i + 1) / 100);
    const axes = { method: ['snip', 'random'], density: densities };
    expect(expanded({ base, axes, seeds: 1000 })).toHaveLength(100_000);
    const where = [{ skip: { method: 'random', density: densities.slice(1) } }];
    expect(expanded({ base, axes, seeds: 1000, where })).toHaveLength(51_000);
  });

  it('number the product of the axes, and a condition and its contrary part them', () => {
    const axis = <T>(...values: T[]) => fc.subarray(values, { minLength: 1 });
    fc.assert(
      fc.property(
        axis('cts', 'snip', 'random'),
        axis(0.5, 0.1, 0.01),
        axis(1, 2, 3, 4),
        axis('cts', 'snip', 'random'),
        axis(0.5, 0.1, 0.01),
        (method, density, seeds, methods, densities) => {
          const of = (where: readonly object[]) => {
            try {
              return expanded({ base, axes: { method, density }, seeds, where }).length;
            } catch {
              return 0;
            }
          };
          const match = {
            method: methods.filter((one) => method.includes(one)),
            density: densities.filter((one) => density.includes(one)),
          };
          const all = of([]);
          expect(all).toBe(method.length * density.length * seeds.length);
          const skipped = all - of([{ skip: match }]);
          expect(of([{ if: {}, only: match }])).toBe(skipped);
          expect(skipped).toBe(
            method.filter((one) => methods.includes(one)).length *
              density.filter((one) => densities.includes(one)).length *
              seeds.length,
          );
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are without what their runs have no use for, where other runs have', () => {
    const settings = settled({
      base: { ...base, 'search-epochs': 3, objective: 'kl', 'rewind-epochs': 2 },
      axes: { method: ['cts', 'snip', 'dense'], density: [0.1] },
    });
    expect(settings.map(({ values }) => Object.keys(values).sort().join(' '))).toEqual([
      'dataset density method model objective recipe rewindEpochs searchEpochs seed start',
      'dataset density method model recipe rewindEpochs seed start',
      'dataset method model recipe seed start',
    ]);
    const tuned = settled({
      base: { ...base, method: 'magnitude', density: 0.1, 'fine-tune-epochs': 2 },
      axes: { 'fine-tune': [true, false] },
    });
    expect(tuned.map(({ values }) => values['fineTuneEpochs'])).toEqual([2, undefined]);
  });
});

it.each<[what: string, content: object, problem: string]>([
  ['a key that is none', { axess: {} }, 'line 1: there is no "axess" here. Did you mean "axes"?'],
  ['a setting that is none', { base: { epohcs: 1 } }, 'line 2: no run has a setting "epohcs".'],
  [
    'a value of another type',
    { base: { density: 'x' } },
    'line 2: "density" cannot be "x". It must be a number.',
  ],
  ['one setting in two spellings', { base: { batchSize: 2, 'batch-size': 3 } }, 'line 2: "batch-'],
  ['two axes of one setting', { axes: { a: [{ seed: 1 }], seed: [2] } }, 'line 3: two axes set'],
  ['an axis without values', { axes: { density: [] } }, 'line 2: "density" of "axes" is empty.'],
  [
    'a condition of two kinds',
    { where: [{ skip: {}, only: {} }] },
    'line 2: value 1 of "where" is neither',
  ],
  [
    'a condition on nothing',
    { base, where: [{ skip: { densty: 1 } }] },
    'line 4: no combination sets "densty"',
  ],
  [
    'a condition on a value that no combination has',
    { base, axes: { method: ['snip', 'cts'] }, where: [{ skip: { method: ['cts', 'snpi'] } }] },
    'line 4: no combination has method "snpi". Did you mean "snip"?',
  ],
  ['nothing left', { base, where: [{ skip: { seed: 0 } }] }, 'line 1: no run is left.'],
  ['conditions that are no list', { base, where: { skip: {} } }, 'line 1: "where" must be a list.'],
  [
    'a difference that is none',
    { base, allow: ['version', 'sha'] },
    'line 2: value 2 of "allow" must be backend or version or commit.',
  ],
  [
    'layers without densities',
    { base: { ...base, 'layer-density': ['head.*'] } },
    'line 2: "layer-density" cannot be ["head.*"]. It must be PATTERN=κ, such as head.*=0.5.',
  ],
  [
    'seeds beside one of the base',
    { base: { ...base, seed: 5 }, seeds: 3 },
    'line 2: a seed is given, and "seeds" beside it. Leave one of them out.',
  ],
  [
    'seeds beside an axis of them',
    { base, axes: { seed: [5, 6] }, seeds: 3 },
    'line 3: a seed is given, and "seeds" beside it. Leave one of them out.',
  ],
  [
    'an endless density',
    { base: { ...base, density: Infinity } },
    'line 2: "density" cannot be Infinity. It must be a number.',
  ],
  [
    'a seed where their number is to be',
    { base, seeds: 20240101 },
    'line 1: "seeds" must be at most 1,000. A number says how many; as a list, [20240101], it is one seed.',
  ],
  ['seeds that are none', { base, seeds: 0 }, 'line 1: "seeds" must be at least 1.'],
  [
    'a method that is none',
    { base: { ...base, method: 'ctz' } },
    'line 2: there is no method "ctz"',
  ],
  [
    'a method with its objective, as compare takes it',
    { base: { ...base, method: 'cts:kl' } },
    'line 2: there is no method "cts:kl". Write method: cts, and objective: kl.',
  ],
  ['no data set', { base: { density: 0.1 } }, 'line 1: a run needs a data set.'],
  [
    'what no run takes',
    { base: { ...base, method: 'snip', 'search-epochs': 2 } },
    'line 2: no run takes "search-epochs".',
  ],
])('refuses %s, by its line', (_, content, problem) => {
  expect(() => settled(content)).toThrow(
    expect.objectContaining({
      code: 'BAD_STUDY',
      message: expect.stringContaining(`s.yaml, ${problem}`),
    }),
  );
});
