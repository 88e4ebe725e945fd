import { expect, it } from '@jest/globals';
import { minutesText } from './minutes-text.ts';

it.each([
  [26.617, '26.62'],
  [0.5, '0.50'],
  [0.0712, '0.071'],
  [0.00126, '0.0013'],
  [-0.00004, '-0.00004'],
  [0, '0'],
])('tells %d minutes with digits that say something', (minutes, text) => {
  expect(minutesText(minutes)).toBe(text);
});
