import { expect, it } from '@jest/globals';
import { percentOf, savings, shortCount } from './savings.ts';

const multiplyAdds = { dense: 4e6, kept: 1e6 };

it.each([
  [
    'the smaller sparse file',
    { dense: 390_208, sparse: 60_000, bitmask: 51_200 },
    '51.2 kB instead of 390 kB',
  ],
  [
    'none where all is kept',
    { dense: 390_208, sparse: 780_416, bitmask: 402_402 },
    '390 kB: a sparse file would be no smaller',
  ],
])('claims of bytes %s', (_, bytes, told) => {
  expect(savings({ kept: 1, size: 4, multiplyAdds, bytes })[2]).toBe(told);
});

it.each([
  [7 + 1 / 3, '7 '],
  [9_999, '9,999 '],
  [10_000, '10.0 k'],
  [999_499, '999 k'],
  [999_999, '1.00 M'],
  [1_234_567, '1.23 M'],
  [999_999_999_999, '1.00 T'],
  [1.4e18, '1.40 E'],
])('%d is %s', (count, text) => {
  expect(shortCount(count)).toBe(text);
});

it.each([
  [1, 3, '33.3 %'],
  [97_551, 97_552, '99.999 %'],
  [9996, 10_000, '99.96 %'],
  [999, 1000, '99.9 %'],
  [5, 5, '100 %'],
  [1004, 1000, '100 %'],
])('%d of %d are %s', (part, whole, text) => {
  expect(percentOf(part, whole)).toBe(text);
});
