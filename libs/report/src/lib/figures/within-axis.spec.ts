import { expect, it } from '@jest/globals';
import { drawFigure } from './draw-figure.ts';
import type { Axis, FigurePanel, Group, Level } from './figure.ts';
import { FigureFont } from './figure-font.ts';
import { fitAxis } from './fitted-axis.ts';
import { paintFigure } from './paint-figure.ts';
import { levelLook, lookOf } from './series-look.ts';
import { crosses, drawnInterval, levelsWithin } from './within-axis.ts';

const share: Axis = { label: 'y', column: 'y', unit: 'percent', scale: 'linear' };
const upper: Axis = { ...share, from: 0.8, to: 1 };
const axis = fitAxis(upper, []);

it('cuts an interval at the axis, and has none of one outside', () => {
  expect(drawnInterval([0.5, 0.9], false, axis)).toEqual({ low: 0.8, high: 0.9 });
  expect(drawnInterval([0.85, 1.4], false, axis)).toEqual({ low: 0.85, high: 1 });
  expect(drawnInterval([0.1, 0.7], false, axis)).toBeUndefined();
  expect(drawnInterval([1.1, 1.2], false, axis)).toBeUndefined();
  const wide = fitAxis({ ...share, from: -1, to: 2 }, []);
  expect(drawnInterval([-0.5, 1.5], true, wide)).toEqual({ low: 0, high: 1 });
  expect(drawnInterval(null, true, axis)).toBeUndefined();
});

it('knows which lines and levels have a part within', () => {
  expect(
    [[0.1, 0.2], [0.1, 0.9], [0.1, 1.1], [1.1, 1.2], []].map((of) => crosses(axis, of)),
  ).toEqual([false, true, true, false, false]);
  const level = (mean: number): Level => ({ series: 'dense', mean, interval: null, samples: [] });
  expect(levelsWithin([level(0.7), level(0.9)], axis)).toEqual([level(0.9)]);
});

const group = (series: string, x: number, mean: number): Group => ({
  ...{ series, x, mean, interval: [mean - 0.01, mean + 0.01] as const },
  samples: [1, 2, 3].map((seed) => ({ seed, x, value: mean })),
});
const x: Axis = { ...share, label: 'x', column: 'x' };
const groups = [group('low', 0.1, 0.1), group('low', 0.2, 0.2), group('high', 0.1, 0.9)];
const level: Level = { ...group('dense', 1, 0.3), series: 'dense' };
const curve = (series: string, ...values: number[]) => ({
  series,
  seed: 1,
  points: values.map((value, step) => ({ x: step, value })),
});
const panels: FigurePanel[] = [
  { kind: 'points', name: 'a', x, y: upper, groups, levels: [level], behind: groups },
  { kind: 'rows', name: 'b', x, y: upper, groups: groups.slice(1), levels: [level] },
  {
    ...{ kind: 'curves', name: 'c', x, y: upper, targets: [] },
    curves: [
      curve('low', 0.1, 0.2),
      curve('low', 0.1),
      curve('high', 0.9, 0.1),
      curve('high', 0.9),
    ],
  },
];
const figure = {
  about: '',
  panels,
  looks: [lookOf('low', 0), lookOf('high', 1), levelLook('dense')],
};

it('draws nothing that lies all outside, of which a PNG could not be painted', async () => {
  const { root } = drawFigure(figure, { columns: 2 }, new FigureFont());
  const count = (selector: string) => [...root.querySelectorAll(selector)].length;
  // The high one in points and rows, with its three seeds; the line of high through the end of the axis, and its only point.
  expect(['.marker > *', '.sample > *', '.interval line', '.level line'].map(count)).toEqual([
    2, 6, 2, 0,
  ]);
  expect([count('.seed path'), count('.mean path'), count('.mean circle')]).toEqual([0, 2, 1]);
  for (const interval of ['bars', 'band', 'none'] as const)
    expect(await paintFigure(figure, { columns: 2, interval }, 'png')).toBeInstanceOf(Uint8Array);
});
