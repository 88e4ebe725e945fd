import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Axis } from './figure.ts';
import { fitAxis, shareOf } from './fitted-axis.ts';

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

  it('is fitted to the steps of many runs', () => {
    const values = Array.from({ length: 300_000 }, (_, i) => i + 1);
    const { domain, scale } = fitAxis(axis({ scale: 'auto' }), values);
    expect(scale).toBe('log');
    expect(domain[0]).toBeCloseTo(1 / 300_000 ** 0.045, 12);
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
    const own = axis({ unit: 'number', scale: 'auto' });
    expect(fitAxis(own, [-3, 0, 1, 21], [1, 21])).toMatchObject({ scale: 'log' });
    expect(fitAxis(own, [1, 21], [1, 19]).scale).toBe('linear');
  });

  it('has round numbers on a log scale, as powers where one of them is', () => {
    const log = axis({ unit: 'number', scale: 'log' });
    expect(texts(log, [0.9, 60])).toEqual(['1', '2', '5', '10', '20', '50']);
    expect(texts(log, [1e-4, 10])).toEqual(['10⁻⁴', '10⁻³', '10⁻²', '10⁻¹', '1', '10']);
    expect(texts(log, [1e-9, 1e9]).length).toBeLessThan(8);
    expect(texts(axis({ scale: 'log' }), [0.003, 1])).toEqual(['1', '10', '100']);
  });

  it('has labels that tell its ticks apart, however near they are', () => {
    const linear = axis({ unit: 'number' });
    expect(texts(linear, [2.30252, 2.30268])).toEqual(['2.30255', '2.30260', '2.30265']);
    expect(texts(linear, [1e-6, 6e-6])).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => `${n === 1 ? '' : `${n}×`}10⁻⁶`),
    );
    expect(texts(linear, [123_440, 123_860])).toContain('123,500');
  });

  it('has a place for 0 before a log scale where that is needed', () => {
    const costs = axis({ unit: 'number', scale: 'symlog' });
    expect(fitAxis(costs, [0, 1e8, 1e11])).toMatchObject({ scale: 'symlog', constant: 1e8 / 3 });
    expect(texts(costs, [0, 1e8, 1e11])).toEqual(['0', '10⁸', '10⁹', '10¹⁰', '10¹¹']);
    expect(fitAxis(costs, [1, 1e3]).scale).toBe('log');
    expect(fitAxis(costs, [0, 1]).scale).toBe('linear');
    const fitted = fitAxis(costs, [0, 1e8, 1e11]);
    // 0 is as far from the beginning as the largest from the end; the least is ln 4 from 0.
    expect(shareOf(fitted, 0)).toBeCloseTo(1 - shareOf(fitted, 1e11), 12);
    const reach = (shareOf(fitted, 1e8) - shareOf(fitted, 0)) * Math.log1p(3e3) * 1.09;
    expect(reach).toBeCloseTo(Math.log(4), 9);
  });

  it('has no end at 0 on a log scale', () => {
    const open = fitAxis(axis({ unit: 'number', scale: 'log' }), [1, 100]);
    expect(fitAxis(axis({ unit: 'number', scale: 'log', from: 0 }), [1, 100])).toEqual(open);
  });

  it('holds what it is fitted to, and its ticks', () => {
    const finite = fc.integer({ min: -1e9, max: 2 ** 40 }).map((millionths) => millionths / 1e6);
    const scales = fc.constantFrom('auto' as const, 'linear' as const, 'symlog' as const);
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), scales, (any, scale) => {
        const values = scale === 'symlog' ? any.map(Math.abs) : any;
        const { domain, ticks } = fitAxis(axis({ unit: 'number', scale }), values);
        const within = (value: number) => value >= domain[0] && value <= domain[1];
        expect(values.every(within) && ticks.every(({ at }) => within(at))).toBe(true);
      }),
    );
  });
});
