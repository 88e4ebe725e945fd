import { beforeAll, expect, it } from '@jest/globals';
import data from '@winnow/datasets';
import models from '@winnow/models';
import objectives from '@winnow/objectives';
import { ComponentRegistry, type DatasetDescriptor, defineObjective } from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { cpu, crossEntropy } from '@winnow/tensor-backend';
import * as z from 'zod';
import { planComparison } from './plan-comparison.ts';

const digits = data.components.find(({ name }) => name === 'digits') as DatasetDescriptor;
const REQUEST = {
  dataset: 'digits',
  model: 'resnet8',
  methods: ['magnitude'],
  densities: [0.1],
  seeds: [1],
  start: 'init',
  recipe: 'standard',
  options: {},
  compared: [],
  versions: {},
  backend: 'wasm',
  out: 'runs/compare',
} as const;

beforeAll(() => cpu.start());

it('plans a method that is named in two ways once, and opens the data once', async () => {
  let opened = 0;
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
    { ...REQUEST, methods: ['cts', 'cts:kl', 'cts:loss', 'magnitude'] },
    registry,
  );
  expect(runs.map(({ name }) => name)).toEqual([
    'cts (kl), density 0.1, seed 1',
    'cts (loss), density 0.1, seed 1',
    'magnitude, density 0.1, seed 1',
  ]);
  expect(opened).toBe(1);
});

it('gives model and data set their options, whichever methods and objectives have some of the same name', async () => {
  const wide = defineObjective({
    name: 'wide',
    summary: 'has options that a model and a data set have too',
    options: z.object({ width: z.number().default(1), part: z.number().default(1) }),
    lossScale: 1,
    stationaryAtDense: false,
    evaluate: ({ sparse, batch }) => crossEntropy(sparse.logits(), batch.labels),
  });
  const parted = {
    ...digits,
    options: z.object({ part: z.number().default(1) }),
    open: () => digits.open({}),
  };
  const registry = new ComponentRegistry([
    ...[wide, parted],
    ...[models, objectives, pruners].flatMap(({ components }) => components),
  ]);
  const options = { width: 0.25, part: 2 };
  const methods = ['magnitude', 'cts:wide'];
  const mobile = { ...REQUEST, model: 'mobilenetv2', methods, options };
  const { runs } = await planComparison({ ...mobile, compared: [wide] }, registry);
  for (const { config } of runs) {
    expect(config.model.given).toEqual({ width: 0.25 });
    expect(config.dataset.given).toEqual({ part: 2 });
  }
  expect(runs.map(({ config }) => config.objective?.given)).toEqual([undefined, options]);
});
