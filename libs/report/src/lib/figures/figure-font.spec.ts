import { expect, it } from '@jest/globals';
import { FigureFont } from './figure-font.ts';

const font = new FigureFont();

/** Of 2048 units, as in the metrics of Arial. */
it.each([
  ['H', 1479],
  ['i', 455],
  ['0.74', 1139 * 3 + 569],
])('has the widths of Arial: %s', (text, width) => {
  expect(font.widthOf(text, 2048)).toBe(width);
});

it('outlines a text from its baseline up, as wide as it is', () => {
  const numbers = font
    .outline('HH', 10)
    .match(/-?\d+(\.\d+)?/g)!
    .map(Number);
  const [xs, ys] = [0, 1].map((side) => numbers.filter((_, i) => i % 2 === side));
  expect(Math.max(...ys!)).toBeCloseTo(0, 9);
  // Capitals are 1409 units high.
  expect(Math.min(...ys!)).toBeCloseTo((-1409 / 2048) * 10, 2);
  expect(Math.max(...xs!)).toBeLessThan(font.widthOf('HH', 10));
  expect(Math.max(...xs!)).toBeGreaterThan(font.widthOf('H', 10));
});

it('says which character it lacks', () => {
  expect(() => font.assertDraws('λ ≥ 10⁻⁴ %')).not.toThrow();
  expect(() => font.assertDraws('a漢b')).toThrow('“漢”');
});
