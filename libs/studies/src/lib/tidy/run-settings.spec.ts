import { expect, it } from '@jest/globals';
import type { RunConfig } from '@winnow/experiments';
import { WHOLE_CONFIG, decidingVariations } from '../testing/config-variations.ts';
import { runSettings } from './run-settings.ts';

const told = (config: unknown) =>
  JSON.stringify(
    [...runSettings({ config: config as RunConfig })].filter(([name]) => !/^version/.test(name)),
  );

it('has a column for whatever decides the numbers of a run, what is to come included', () => {
  const deciding = decidingVariations();
  const paths = deciding.map(([path]) => path);
  for (const path of ['.NEW', '.recipe.NEW', '.fineTune.epochs', '.method.options.b.c.0'])
    expect(paths).toContain(path);
  for (const path of ['.versions.node', '.validateEvery', '.startWeights.path', '.method.given.a'])
    expect(paths).not.toContain(path);
  const untold = deciding.filter(([, config]) => told(config) === told(WHOLE_CONFIG));
  // Of one version of the program there is one format.
  expect(untold.map(([path]) => path)).toEqual(['.format']);
});

it('tells the order of densities that layers have of their own', () => {
  const layerDensities = { 'stem.*': 0.9, 'head.*': 0.5 };
  expect(told({ ...WHOLE_CONFIG, layerDensities })).not.toBe(told(WHOLE_CONFIG));
});
