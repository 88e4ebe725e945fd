import { expect, it } from '@jest/globals';
import { fixed } from './fixed.ts';

it.each([
  [-0.03, '0.0'],
  [-0, '0.0'],
  [-0.06, '-0.1'],
  [12.34, '12.3'],
])('%d is %s with one decimal', (value, text) => expect(fixed(value, 1)).toBe(text));
