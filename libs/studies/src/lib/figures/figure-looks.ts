import { type FigurePanel, type SeriesLook, levelLook, lookOf } from '@winnow/report/figures';

/** What guessing comes to. */
export const CHANCE = 'chance';

const DASHES = ['4 2', '8 2', '6 1.5 1.5 1.5'];

/** Looks of all that panels draw: series in the order in which they first appear, then what they are compared with. */
export function looksOf(
  panels: readonly FigurePanel[],
  levels: readonly string[] = [],
): SeriesLook[] {
  const drawn = panels.flatMap((panel) =>
    (panel.kind === 'curves' ? panel.curves : panel.groups).map(({ series }) => series),
  );
  const series = new Set(drawn.filter((own) => !levels.includes(own)));
  const compared = new Set(levels);
  const isGuessed = compared.delete(CHANCE);
  return [
    ...[...series].map(lookOf),
    ...[...compared].map((own, i) => levelLook(own, DASHES[i % DASHES.length])),
    ...(isGuessed ? [levelLook(CHANCE, '1 2')] : []),
  ];
}
