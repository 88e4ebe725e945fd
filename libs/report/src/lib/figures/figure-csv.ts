import { csv } from '../csv.ts';
import type { Axis, Figure, FigurePanel, Group, Level } from './figure.ts';

type Cell = string | number | undefined;

/**
 * What a figure draws, as a table: a row a run, with the mean that it goes into, the number n of runs in it, and the 95 %
 * interval of the mean; of curves a row a point, without seed of a mean, and where they are to go, of each series where these
 * differ. Fractions are not in percent.
 * @throws RangeError if it has no panel.
 */
export function figureCsv({ panels, looks }: Figure): string {
  const [first] = panels;
  if (!first) throw new RangeError('No panel to tell');
  const names = new Map(looks.map(({ series, name }) => [series, name]));
  const nameOf = (series: string) => names.get(series) ?? series;
  const isOfCurves = panels.every(({ kind }) => kind === 'curves');
  const columns = ['panel', 'series', first.x.column, 'seed', 'of', 'value'];
  return csv(
    isOfCurves ? columns : [...columns, 'n', 'mean', 'low', 'high'],
    panels.flatMap((panel) => rowsOf(panel, nameOf)),
  );
}

function rowsOf(panel: FigurePanel, nameOf: (series: string) => string): Cell[][] {
  if (panel.kind === 'curves') {
    const curves = panel.curves.flatMap(({ series, seed, points }) =>
      points.map(({ x, value }): Cell[] => [
        panel.name,
        nameOf(series),
        x,
        seed,
        panel.y.column,
        value,
      ]),
    );
    const { targets } = panel;
    const isOne = new Set(targets.map(({ value }) => value)).size === 1;
    const aims = (isOne ? targets.slice(0, 1) : targets).map(({ series, value }): Cell[] => [
      panel.name,
      isOne ? 'target' : `target of ${nameOf(series)}`,
      undefined,
      undefined,
      panel.y.column,
      value,
    ]);
    return [...curves, ...aims];
  }
  const of = (own: Group | Level, xOf: (x: number) => Cell) =>
    own.samples.map((sample): Cell[] => [
      panel.name,
      nameOf(own.series),
      xOf(sample.x),
      sample.seed,
      panel.y.column,
      sample.value,
      own.samples.length,
      own.mean,
      ...(own.interval ?? [undefined, undefined]),
    ]);
  return [
    ...panel.groups.flatMap((group) => of(group, (x) => cellOf(x, panel.x))),
    ...panel.levels.flatMap((level) => of(level, () => undefined)),
  ];
}

const cellOf = (x: number, { names }: Axis): Cell => names?.[x - 1] ?? x;
