import { expect, it } from '@jest/globals';
import { wrapText } from './look.ts';

it('wraps at spaces, and breaks a word that is wider than a line', () => {
  // Letters of 10 pixels take 5.8: a line of 60 has room for ten.
  expect(wrapText('one two three\nfour', 60, 10)).toEqual(['one two', 'three', 'four']);
  expect(wrapText('weights 12 %', 60, 10)).toEqual(['weights', '12 %']);
  expect(wrapText('a 0123456789abc)', 60, 10)).toEqual(['a', '0123456789', 'abc)']);
  expect(wrapText('', 60, 10)).toEqual(['']);
});
