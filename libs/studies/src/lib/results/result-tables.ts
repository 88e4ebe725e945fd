import {
  type ReportTable,
  densityText,
  meanAndDeviation,
  statisticsByMethod,
  minutesText,
} from '@winnow/report';
import type { ResultRow } from './result-rows.ts';

const percent = (fraction: number) => (100 * fraction).toFixed(1);

/** Mean and deviation over the seeds, and how many these are, of each method at each density. */
export function accuracyTable(rows: readonly ResultRow[]): ReportTable {
  const methods = statisticsByMethod(rows);
  const densities = [
    ...new Set([...methods.values()].flatMap((points) => points.map((p) => p.density))),
  ].sort((a, b) => b - a);
  return {
    columns: ['method', ...densities.map(densityText)],
    rows: [...methods].map(([method, points]) => [
      method,
      ...densities.map((density) => {
        const point = points.find((p) => p.density === density);
        if (!point) return '';
        const spread = point.seeds > 1 ? ` ± ${percent(point.std)}` : '';
        return `${percent(point.mean)}${spread} (n = ${point.seeds})`;
      }),
    ]),
  };
}

/** Means over the runs of each method. */
export function minutesTable(rows: readonly ResultRow[]): ReportTable {
  const names = [...new Set(rows.map(({ method }) => method))];
  return {
    columns: ['method', 'runs', 'seeds', 'pre-training', 'search', 'training'],
    rows: names.map((name) => {
      const own = rows.filter(({ method }) => method === name);
      const timed = own.flatMap(({ minutes }) => (minutes ? [minutes] : []));
      const of = (phase: 'pretrain' | 'search' | 'train') =>
        minutesText(meanAndDeviation(timed.map((minutes) => minutes[phase])).mean);
      const seeds = [...new Set(own.map(({ seed }) => seed))].sort((a, b) => a - b);
      return [
        name,
        String(timed.length),
        seeds.join(', '),
        of('pretrain'),
        of('search'),
        of('train'),
      ];
    }),
  };
}
