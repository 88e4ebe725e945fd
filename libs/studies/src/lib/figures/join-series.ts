import type { SeriesRun } from './figure-runs.ts';
import type { FigureStyle } from './figure-style.ts';

/** What a style calls a series. */
export const nameIn = ({ series = {} }: FigureStyle, own: string) => series[own]?.name ?? own;

/** Runs that a style calls by one name, and does not hide, are of one series: of the first of theirs that it names. */
export function joinSeries<R extends SeriesRun>(
  runs: readonly R[],
  style: FigureStyle,
): readonly R[] {
  const styled = Object.keys(style.series ?? {});
  const isHidden = (series: string) => style.hide?.includes(series) ?? false;
  const there = new Set(runs.map(({ series }) => series).filter((series) => !isHidden(series)));
  const firsts = new Map<string, string>();
  for (const series of [...styled.filter((name) => there.has(name)), ...there]) {
    const name = nameIn(style, series);
    if (!firsts.has(name)) firsts.set(name, series);
  }
  const joined = (series: string) => firsts.get(nameIn(style, series))!;
  return runs.map((run) => (isHidden(run.series) ? run : { ...run, series: joined(run.series) }));
}
