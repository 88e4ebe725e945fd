import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Axis } from './figure.ts';
import { fitAxis, numberText } from './fitted-axis.ts';

const axis = (own: Partial<Axis> = {}): Axis => ({
  label: 'Test accuracy (%)',
  column: 'testAccuracy',
  unit: 'percent',
  scale: 'linear',
  ...own,
});
const texts = (...args: Parameters<typeof fitAxis>) =>
  fitAxis(...args).ticks.map(({ text }) => text);

describe('an axis', () => {
  it('of accuracies is fitted to them, labelled in percent', () => {
    const { domain, ticks } = fitAxis(axis(), [0.62, 0.98, 0.8]);
    expect(domain[0]).toBeCloseTo(0.62 - 0.36 * 0.045, 12);
    expect(domain[1]).toBeCloseTo(0.98 + 0.36 * 0.045, 12);
    expect(ticks.map(({ text }) => text)).toEqual(['70', '80', '90']);
    expect(ticks[0]!.at).toBeCloseTo(0.7, 12);
  });

  it('keeps the ends that it is given', () => {
    expect(fitAxis(axis({ from: 0, to: 1 }), [0.3]).domain).toEqual([0, 1]);
    expect(() => fitAxis(axis({ from: 0.9 }), [0.3])).toThrow('outside of the axis');
  });

  it('of densities is a log one from dense to sparse, labelled where something was measured', () => {
    const densities = axis({ scale: 'log', reversed: true, ticks: [0.262, 0.0074, 0.1] });
    const { domain, scale } = fitAxis(densities, [0.262, 0.0074, 0.1]);
    expect(scale).toBe('log');
    expect(domain[0]).toBeGreaterThan(0.262);
    expect(domain[1]).toBeLessThan(0.0074);
    expect(domain[0] / 0.262).toBeCloseTo(0.0074 / domain[1], 12);
    expect(texts(densities, [0.262, 0.0074, 0.1])).toEqual(['26.2', '0.74', '10']);
  });

  it('by itself is a log one where values go far apart', () => {
    const scaleOf = (...values: number[]) =>
      fitAxis(axis({ unit: 'number', scale: 'auto' }), values).scale;
    expect(scaleOf(1, 19)).toBe('linear');
    expect(scaleOf(1, 21)).toBe('log');
    expect(scaleOf(-1, 21)).toBe('linear');
  });

  it('has round numbers on a log scale, as powers where one of them is', () => {
    const log = axis({ unit: 'number', scale: 'log' });
    expect(texts(log, [0.9, 60])).toEqual(['1', '2', '5', '10', '20', '50']);
    expect(texts(log, [1e-4, 10])).toEqual(['10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '1', '10']);
    expect(texts(log, [1e-9, 1e9]).length).toBeLessThan(8);
    expect(texts(axis({ scale: 'log' }), [0.003, 1])).toEqual(['1', '10', '100']);
  });

  it('holds what it is fitted to, and its ticks', () => {
    const finite = fc.integer({ min: -1e9, max: 2 ** 40 }).map((millionths) => millionths / 1e6);
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const { domain, ticks } = fitAxis(axis({ unit: 'number', scale: 'auto' }), values);
        const within = (value: number) => value >= domain[0] && value <= domain[1];
        expect(values.every(within) && ticks.every(({ at }) => within(at))).toBe(true);
      }),
    );
  });
});

it.each([
  [0, '0'],
  [0.01234, '0.0123'],
  [-2, '−2'],
  [12_300, '12,300'],
  [1e9, '10⁹'],
  [-4.56e-7, '−4.56×10⁻⁷'],
])('%d is told as %s', (value, text) => expect(numberText(value)).toBe(text));
