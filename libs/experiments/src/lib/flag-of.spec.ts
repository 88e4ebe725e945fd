import { expect, it } from '@jest/globals';
import { flagOfPath } from './flag-of.ts';

it.each([
  ['recipe.epochs', '--epochs'],
  ['recipe.batchSize', '--batch-size'],
  ['recipe.name', '--recipe'],
  ['method.name', '--method'],
  ['method.options.searchEpochs', '--search-epochs'],
  ['objective', '--objective'],
  ['dataset.name', '--dataset'],
  ['layerDensities.head.*', '--layer-density head.*'],
  ['leaveOut.0', '--leave-out'],
  ['fineTune.learningRate', '--fine-tune-learning-rate'],
  ['startWeights', '--start-weights'],
  ['density', '--density'],
  // Nobody types these.
  ['dataset.checksum', 'dataset.checksum'],
  ['recipe.dropEpochs.0', 'recipe.dropEpochs.0'],
  ['input.height', 'input.height'],
])('%s came from %s', (path, flag) => {
  expect(flagOfPath(path)).toBe(flag);
});
