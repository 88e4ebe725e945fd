import { groupBy, seedCounts } from '@winnow/report';
import {
  type Curve,
  type Figure,
  type FigurePanel,
  type SeriesLook,
  hasBand,
} from '@winnow/report/figures';

/** What a caption has to say of how a figure was made. */
export function figureCaption(
  { panels, looks }: Figure,
  interval: 'bars' | 'band' | 'none',
): string {
  const curves = panels.filter((panel) => panel.kind === 'curves');
  if (curves.length > 0) {
    const aims = curves.some(({ targets }) => targets.length > 0);
    const told = curvesCaption(
      curves.map((panel) => panel.curves),
      looks,
    );
    return aims ? `${told} Level dotted lines are what is aimed at.` : told;
  }
  const counts = panels
    .flatMap((panel) => (panel.kind === 'curves' ? [] : [...panel.groups, ...panel.levels]))
    .map(({ samples }) => samples.length)
    .filter((count) => count > 0);
  if (Math.max(...counts) === 1) return 'Of 1 seed.';
  const shapes = new Set(panels.flatMap((panel) => shapesIn(panel, interval)));
  const drawn = (['bars', 'bands'] as const).filter((shape) => shapes.has(shape)).join(' and ');
  const cut = counts.includes(2)
    ? ', those of two seeds cut off where they would flatten the rest'
    : '';
  const told = drawn && `; ${drawn} are 95 % intervals of the mean (Student’s t)${cut}`;
  return `Means of ${seedCounts(counts)}; small circles are single seeds${told}.`;
}

/** What intervals are drawn as. */
function shapesIn(panel: FigurePanel, interval: 'bars' | 'band' | 'none'): ('bars' | 'bands')[] {
  if (panel.kind === 'curves' || interval === 'none') return [];
  const isTold = (own: { readonly interval: unknown }) => own.interval !== null;
  const series = [...groupBy(panel.groups, ({ series }) => series).values()];
  return [
    ...series.flatMap((own) => {
      if (!own.some(isTold)) return [];
      return [interval === 'band' && hasBand(panel, own) ? ('bands' as const) : ('bars' as const)];
    }),
    // One without any width is a line.
    ...(panel.kind === 'points' &&
    panel.levels.some(({ interval }) => interval !== null && interval[0] < interval[1])
      ? (['bands'] as const)
      : []),
  ];
}

/** A series has no mean where it has one seed, or seeds of unequal length. */
function curvesCaption(
  panels: readonly (readonly Curve[])[],
  looks: readonly SeriesLook[],
): string {
  const told = panels.flatMap((curves) =>
    [...groupBy(curves, ({ series }) => series)].map(([series, own]) => {
      const seeds = own.filter(({ seed }) => seed !== undefined).length;
      return { series, seeds, isMean: seeds < own.length };
    }),
  );
  if (!told.some(({ isMean }) => isMean)) return 'Lines are single seeds.';
  const without = looks.flatMap(({ series, name }) => {
    const own = told.filter((one) => one.series === series);
    if (own.every(({ isMean }) => isMean)) return [];
    return [own.some(({ isMean }) => isMean) ? `${name} in some panels` : name];
  });
  const single =
    without.length > 0 ? ` Without a mean, and single seeds too: ${without.join(', ')}.` : '';
  const of = seedCounts(told.filter(({ isMean }) => isMean).map(({ seeds }) => seeds));
  return `Means of ${of}; thin lines are single seeds.${single}`;
}
