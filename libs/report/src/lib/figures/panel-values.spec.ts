import { expect, it } from '@jest/globals';
import type { Axis, PointsPanel } from './figure.ts';
import { measuredValues, yValues } from './panel-values.ts';

const axis = (unit: Axis['unit']): Axis => ({ label: '', column: '', unit, scale: 'linear' });
const panel = (unit: Axis['unit'], ...values: number[]): PointsPanel => ({
  ...{ kind: 'points', name: '', x: axis('number'), y: axis(unit), levels: [] },
  groups: [
    {
      ...{ series: 'cts', x: 1, mean: 0.5, interval: [-0.5, 1.5] },
      samples: values.map((value, seed) => ({ seed, x: 1, value })),
    },
  ],
});

it('holds means, seeds, and intervals of three seeds or more', () => {
  expect(yValues(panel('number', 0.4, 0.6))).toEqual([0.5, 0.4, 0.6]);
  expect(yValues(panel('number', 0.4, 0.5, 0.6))).toEqual([0.5, 0.4, 0.5, 0.6, -0.5, 1.5]);
});

it('tells means and seeds for themselves', () => {
  expect(measuredValues(panel('number', 0.4, 0.5, 0.6))).toEqual([0.5, 0.4, 0.5, 0.6]);
});

it('holds of shares what lies between 0 and 1, and no level that is aside', () => {
  const shares = panel('percent', 0.4, 0.5, 0.6);
  const chance = { series: 'chance', mean: 0.1, interval: null, samples: [] };
  expect(yValues({ ...shares, levels: [{ ...chance, aside: true }] }).slice(4)).toEqual([0, 1]);
  expect(yValues({ ...shares, levels: [chance] })).toContain(0.1);
});
