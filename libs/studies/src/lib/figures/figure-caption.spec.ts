import { expect, it } from '@jest/globals';
import {
  type CurvesPanel,
  type FigurePanel,
  type Group,
  type Level,
  type PointsPanel,
  lookOf,
} from '@winnow/report/figures';
import { figureCaption } from './figure-caption.ts';

const axis = { label: '', column: '', unit: 'number', scale: 'linear' } as const;

const level = (seeds: number): Level => ({
  series: 'dense',
  mean: 0.5,
  interval: seeds > 1 ? [0.4, 0.6] : null,
  samples: Array.from({ length: seeds }, (_, seed) => ({ seed, x: 1, value: 0.5 })),
});
const group = (seeds: number): Group => ({ ...level(seeds), series: 'cts', x: 0.1 });

const chance: Level = { series: 'chance', mean: 0.1, interval: null, samples: [], aside: true };

const caption = (
  tickets: number,
  dense: number | undefined,
  interval: Parameters<typeof figureCaption>[1] = 'bars',
) => {
  const levels = dense === undefined ? [chance] : [level(dense), chance];
  const panel: PointsPanel = {
    ...{ kind: 'points', name: '', x: axis, y: axis, groups: [group(tickets)], levels },
  };
  return figureCaption({ about: '', panels: [panel], looks: [] }, interval);
};

const OF_THE_MEAN = '95 % intervals of the mean (Student’s t)';

it('counts the seeds of the dense network as those of tickets, and chance not', () => {
  expect(caption(1, undefined)).toBe('Of 1 seed.');
  expect(caption(1, 1)).toBe('Of 1 seed.');
  expect(caption(1, 3)).toBe(
    `Means of 1 to 3 seeds; small circles are single seeds; bands are ${OF_THE_MEAN}.`,
  );
  expect(caption(3, 1)).toBe(
    `Means of 1 to 3 seeds; small circles are single seeds; bars are ${OF_THE_MEAN}.`,
  );
  expect(caption(2, 3)).toBe(
    `Means of 2 to 3 seeds; small circles are single seeds; bars and bands are ${OF_THE_MEAN}, those of two seeds cut off where they would flatten the rest.`,
  );
  expect(caption(3, 3)).toBe(
    `Means of 3 seeds; small circles are single seeds; bars and bands are ${OF_THE_MEAN}.`,
  );
});

it('says of intervals how they are drawn', () => {
  expect(caption(3, 3, 'none')).toBe('Means of 3 seeds; small circles are single seeds.');
  // A dense network that is at 0 in every seed.
  const flat = { ...level(3), interval: [0, 0] as const };
  const points: PointsPanel = {
    ...{ kind: 'points', name: '', x: axis, y: axis, levels: [chance, flat] },
    groups: [group(3), { ...group(3), x: 0.2 }],
  };
  const told = (...panels: FigurePanel[]) =>
    /; ([^;]+) are 95/.exec(figureCaption({ about: '', panels, looks: [] }, 'band'))?.[1];
  expect(told(points)).toBe('bands');
  // A series at one density, and rows, have no band.
  expect(told({ ...points, groups: [group(3)] })).toBe('bars');
  expect(told({ ...points, kind: 'rows' })).toBe('bars');
  expect(told({ ...points, groups: [...points.groups, { ...group(3), series: 'snip' }] })).toBe(
    'bars and bands',
  );
});

it('names the series of which a figure of curves has no mean', () => {
  const seed = (series: string, seed?: number) => ({ series, seed, points: [] });
  const panel = (...curves: CurvesPanel['curves']) =>
    ({ kind: 'curves', name: '', x: axis, y: axis, targets: [], curves }) as const;
  const told = (...panels: CurvesPanel[]) =>
    figureCaption({ about: '', panels, looks: [lookOf('cts', 0), lookOf('snip', 1)] }, 'bars');
  const mean = [seed('cts', 1), seed('cts', 2), seed('cts')];
  expect(told(panel(seed('cts', 1)))).toBe('Lines are single seeds.');
  expect(told(panel(...mean))).toBe('Means of 2 seeds; thin lines are single seeds.');
  const aimed = { ...panel(...mean), targets: [{ series: 'cts', value: 0.1 }] };
  expect(told(panel(...mean), aimed)).toBe(
    'Means of 2 seeds; thin lines are single seeds. Level dotted lines are what is aimed at.',
  );
  const three = [seed('snip', 1), seed('snip', 2), seed('snip', 3), seed('snip')];
  expect(told(panel(...mean, ...three))).toBe(
    'Means of 2 to 3 seeds; thin lines are single seeds.',
  );
  expect(told(panel(...mean, seed('snip', 1)))).toBe(
    'Means of 2 seeds; thin lines are single seeds. Without a mean, and single seeds too: snip.',
  );
  expect(told(panel(...mean), panel(seed('cts', 1)))).toBe(
    'Means of 2 seeds; thin lines are single seeds. Without a mean, and single seeds too: cts in some panels.',
  );
});
