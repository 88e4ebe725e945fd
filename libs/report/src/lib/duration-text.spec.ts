import { expect, it } from '@jest/globals';
import { durationText } from './duration-text.ts';

it.each([
  [0, '0 s'],
  [89 / 60, '89 s'],
  [1.5, '2 min'],
  [59.4, '59 min'],
  [59.6, '1 h 0 min'],
  [200, '3 h 20 min'],
  [60 * 52 + 10, '2 d 4 h'],
])('%d minutes are %s', (minutes, text) => {
  expect(durationText(minutes)).toBe(text);
});
