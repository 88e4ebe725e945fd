import { expect, it } from '@jest/globals';
import { numberText } from './axis-ticks.ts';

it.each([
  [0, '0'],
  [0.01234, '0.0123'],
  [-2, '−2'],
  [12_300, '12,300'],
  [1e9, '10⁹'],
  [-4.56e-7, '−4.56×10⁻⁷'],
])('%d is told as %s', (value, text) => expect(numberText(value)).toBe(text));
