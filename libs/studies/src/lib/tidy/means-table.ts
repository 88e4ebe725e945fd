import type { SampleStatistics } from '../statistics/sample-statistics.ts';
import type { ResultsTable } from './results-table.ts';
import type { Figure } from './run-figures.ts';
import { type RunGroup, figureOf } from './run-groups.ts';
import { settingText } from './run-settings.ts';

/** `70.48 ± 1.20`, with the number of runs where that is another one than is told beside it. */
export function meanText(
  { n, mean, deviation }: SampleStatistics,
  { show }: Figure,
  told?: number,
): string {
  const spread = deviation === null ? '' : ` ± ${show(deviation)}`;
  return `${show(mean)}${spread}${n === told ? '' : ` (n = ${n})`}`;
}

export function intervalText(
  interval: readonly [low: number, high: number] | null,
  { show }: Figure,
): string {
  return interval ? `${show(interval[0])} to ${show(interval[1])}` : '';
}

/** A row a group: of each figure n, mean, sample deviation and the 95 % interval of the mean. */
export function meansTable(
  groups: readonly RunGroup[],
  columns: readonly string[],
  telling: readonly string[],
  figures: readonly Figure[],
): ResultsTable {
  const parts = ['n', 'mean', 'deviation', 'low', 'high'];
  const values = (sample?: SampleStatistics) => [
    sample?.n ?? 0,
    sample?.mean,
    sample?.deviation ?? undefined,
    ...(sample?.interval ?? [undefined, undefined]),
  ];
  return {
    data: () => ({
      columns: [
        ...columns,
        'runs',
        ...figures.flatMap(({ name }) => parts.map((part) => `${name}.${part}`)),
      ],
      rows: groups.map(({ settings, runs }) => [
        ...columns.map((name) => settings.get(name)),
        runs.length,
        ...figures.flatMap(({ name }) => values(figureOf(runs, name))),
      ]),
    }),
    shown: () => ({
      columns: [...telling, 'n', ...figures.flatMap(({ heading }) => [heading, '95 %'])],
      rows: groups.map(({ settings, runs }) => [
        ...telling.map((name) => settingText(settings.get(name))),
        String(runs.length),
        ...figures.flatMap((figure) => {
          const sample = figureOf(runs, figure.name);
          return sample
            ? [meanText(sample, figure, runs.length), intervalText(sample.interval, figure)]
            : ['', ''];
        }),
      ]),
    }),
  };
}
