import { expect, it } from '@jest/globals';
import { hyperParameters } from './hyper-parameters.ts';

it('names what was chosen, by component and option, and leaves out what was not', () => {
  const config = {
    format: 2,
    method: {
      name: 'cts',
      given: { searchEpochs: 20 },
      options: { searchEpochs: 20, fast: false },
    },
    dataset: { name: 'digits', given: {}, options: {}, checksum: 'abc' },
    density: 0.05,
    seed: 0,
    leaveOut: ['stem.*'],
    startWeights: { path: '/home/me/weights.safetensors', hash: '1f' },
    recipe: { name: 'standard', epochs: 8, dropEpochs: [4, 6] },
    plugins: [{ name: 'mine', specifier: '/home/me/mine.mjs', sha256: '2e' }],
    versions: { node: '20.19.0' },
  };
  expect([...hyperParameters(config)]).toEqual([
    ['method', 'cts'],
    ['method.searchEpochs', 20],
    ['method.fast', false],
    ['dataset', 'digits'],
    ['density', 0.05],
    ['seed', 0],
    ['leaveOut', '["stem.*"]'],
    ['startWeights.hash', '1f'],
    ['recipe', 'standard'],
    ['recipe.epochs', 8],
    ['recipe.dropEpochs', '[4,6]'],
  ]);
});

it('has every option of a component, whatever it is called', () => {
  const options = {
    ...{ name: 'n', options: 'o', format: 'f', versions: 1, plugins: 2, given: 3 },
    ...{ checksum: 'c', normalization: true, schedule: { name: 'cosine', options: { given: 4 } } },
  };
  const config = {
    method: { name: 'mine', given: options, options, checksum: 'of its files' },
    dataset: {
      ...{ name: 'images', given: {}, checksum: 'of its data' },
      options: { checksum: 'sha1', normalization: 'mean' },
      normalization: { mean: [0.5], std: [0.25] },
    },
    layerDensities: { name: 0.5, given: 0.25 },
    checksum: 'of all this',
  };
  expect([...hyperParameters(config)]).toEqual([
    ['method', 'mine'],
    ['method.name', 'n'],
    ['method.options', 'o'],
    ['method.format', 'f'],
    ['method.versions', 1],
    ['method.plugins', 2],
    ['method.given', 3],
    ['method.checksum', 'c'],
    ['method.normalization', true],
    ['method.schedule.name', 'cosine'],
    ['method.schedule.options.given', 4],
    ['dataset', 'images'],
    ['dataset.checksum', 'sha1'],
    ['dataset.normalization', 'mean'],
    ['layerDensities.name', 0.5],
    ['layerDensities.given', 0.25],
  ]);
});
