import { expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry, type DatasetDescriptor } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { cpu } from '@winnow/tensor-backend';
import { planComparison } from './plan-comparison.ts';

it('plans a method that is named in two ways once, and opens the data once', async () => {
  await cpu.start();
  let opened = 0;
  const digits = data.components.find(({ name }) => name === 'digits') as DatasetDescriptor;
  const counted: DatasetDescriptor = {
    ...digits,
    open: (options) => {
      opened++;
      return digits.open(options);
    },
  };
  const registry = new ComponentRegistry([
    counted,
    ...[models, objectives, pruners].flatMap(({ components }) => components),
  ]);
  const { runs } = await planComparison(
    {
      dataset: 'digits',
      model: 'resnet8',
      methods: ['cts', 'cts:kl', 'cts:loss', 'magnitude'],
      densities: [0.1],
      seeds: [1],
      start: 'init',
      recipe: 'standard',
      options: {},
      compared: [],
      plugins: [],
      versions: {},
      backend: 'wasm',
      out: 'runs/compare',
    },
    registry,
  );
  expect(runs.map(({ name }) => name)).toEqual([
    'cts (kl), density 0.1, seed 1',
    'cts (loss), density 0.1, seed 1',
    'magnitude, density 0.1, seed 1',
  ]);
  expect(opened).toBe(1);
});
