import { expect, it } from '@jest/globals';
import { parseFilter } from './run-filter.ts';

it.each([
  ['dropEpochs=[80,120]', [80, 120], true],
  ['dropEpochs!=[80,120]', [80, 120], false],
  ['dropEpochs=[80,120]', [80], false],
  ['place=a,b', 'a,b', true],
  ['method=cts, snip', 'snip', true],
  ['density=0.050', 0.05, true],
])('%s of %j is %s', (text, value, fits) => {
  expect(parseFilter(text).fits(value)).toBe(fits);
});

it.each([
  ...['density', '=0.1', 'density==0.1', 'density=>0.1', 'density!==0.1', 'density<>0.1'],
  ...['method!=!cts', 'density=0.2,>0.1'],
])('refuses %s, which is no setting and an operator before values', (text) => {
  expect(() => parseFilter(text)).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(`--where ${text} is no condition.`),
    }),
  );
});
