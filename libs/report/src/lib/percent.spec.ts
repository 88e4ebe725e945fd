import { expect, it } from '@jest/globals';
import { densityText, sparsityText } from './percent.ts';

it.each([
  [1, '100 %', '0 %'],
  [0.5, '50 %', '50 %'],
  [0.125, '12.5 %', '87.5 %'],
  [0.0025, '0.25 %', '99.75 %'],
  [243 / 97_552, '0.249 %', '99.751 %'],
  [0.00001, '0.001 %', '99.999 %'],
])('writes density %d as %s and its sparsity as %s', (density, kept, removed) => {
  expect(densityText(density)).toBe(kept);
  expect(sparsityText(density)).toBe(removed);
});
