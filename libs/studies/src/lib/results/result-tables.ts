import {
  type ReportTable,
  densityText,
  groupBy,
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

/** "1, 2, 5" or, of several in a row, "1 to 20". */
export function seedText(seeds: readonly number[]): string {
  const sorted = [...new Set(seeds)].sort((a, b) => a - b);
  const stretches: number[][] = [];
  for (const seed of sorted) {
    const last = stretches.at(-1);
    if (last && last.at(-1) === seed - 1) last.push(seed);
    else stretches.push([seed]);
  }
  return stretches
    .flatMap((own) => (own.length > 2 ? `${own[0]} to ${own.at(-1)}` : own.map(String)))
    .join(', ');
}

/** "20 %, 10 %" or, of many, "26.2 % to 0.74 %". */
function densitiesText(densities: readonly number[]): string {
  const texts = [...new Set([...densities].sort((a, b) => b - a).map(densityText))];
  return texts.length > 5 ? `${texts[0]} to ${texts.at(-1)}` : texts.join(', ');
}

/** Means over the runs of each method, of all its densities. */
export function minutesTable(rows: readonly ResultRow[]): ReportTable {
  const byMethod = groupBy(rows, ({ method }) => method);
  return {
    columns: ['method', 'runs', 'seeds', 'densities', 'pre-training', 'search', 'training'],
    rows: [...byMethod].map(([name, own]) => {
      const timed = own.flatMap(({ minutes, density }) =>
        minutes ? [{ ...minutes, density }] : [],
      );
      const of = (phase: 'pretrain' | 'search' | 'train') =>
        minutesText(meanAndDeviation(timed.map((one) => one[phase])).mean);
      return [
        name,
        String(timed.length),
        seedText(own.map(({ seed }) => seed)),
        densitiesText(timed.map(({ density }) => density)),
        of('pretrain'),
        of('search'),
        of('train'),
      ];
    }),
  };
}
