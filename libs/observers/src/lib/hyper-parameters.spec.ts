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
