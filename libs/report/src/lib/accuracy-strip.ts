import * as Plot from '@observablehq/plot';
import type { AccuracyPictureOptions } from './seed-statistics.ts';
import { FONT_SIZE, INK, QUIET, RULE, textWidth, WIDTH } from './look.ts';
import { methodColours } from './method-colours.ts';
import { densityText, percent } from './percent.ts';
import type { SeedStatistics } from './seed-statistics.ts';
import { plotSvg } from './svg.ts';

const ROW = 64;
const LINE = 18;
const LABEL_GAP = 32;

/** One row a method: its seeds as dots, their mean as a bar with its value. */
export function accuracyStrip(
  { title, subtitle, chance, results }: AccuracyPictureOptions,
  methods: ReadonlyMap<string, readonly SeedStatistics[]>,
): string {
  const names = [...methods.keys()];
  const seeds = [...new Set(results.map(({ seed }) => seed))].sort((a, b) => a - b);
  const rows = names.map((method, row) => {
    const own = results.filter((result) => result.method === method);
    return {
      method,
      row,
      ...methods.get(method)![0]!,
      best: Math.max(...own.map(({ accuracy }) => accuracy)),
    };
  });
  // Every seed has a lane of its own in all rows, so that equal accuracies do not hide each other.
  const lane = (seed: number) =>
    seeds.length > 1 ? (seeds.indexOf(seed) / (seeds.length - 1) - 0.5) * 0.36 : 0;
  const colour = methodColours(methods);
  const top = Math.ceil(Math.max(chance, ...rows.map(({ best }) => best)) * 10) / 10;
  const keptText = ({ density, seeds }: SeedStatistics) =>
    `${densityText(density)} kept, n = ${seeds}`;
  const nameWidth = Math.max(...names.map((name) => textWidth(name, FONT_SIZE + 1, true)));
  const labelWidth = Math.min(
    Math.max(nameWidth, ...rows.map((row) => textWidth(keptText(row), FONT_SIZE - 1))),
    WIDTH / 2 - LABEL_GAP,
  );
  // Words do not fill a line, so that a name that is broken may take one more than its width asks for.
  const lines = nameWidth > labelWidth ? Math.ceil(nameWidth / labelWidth) + 1 : 1;

  return plotSvg(
    { title, subtitle },
    {
      height: names.length * Math.max(ROW, (lines + 1) * LINE + 10) + 60,
      marginLeft: LABEL_GAP + labelWidth,
      marginRight: 135,
      marginTop: 26,
      marginBottom: 34,
      x: { domain: [0, top] },
      y: { domain: [names.length - 0.5, -0.5], axis: null },
      marks: [
        Plot.gridX({ stroke: RULE, strokeOpacity: 1 }),
        Plot.axisX({ tickFormat: (tick: number) => percent(tick, 0), tickSize: 0, label: null }),
        Plot.rect(rows, {
          x1: 0,
          x2: 'mean',
          y1: ({ row }: { row: number }) => row - 0.34,
          y2: ({ row }: { row: number }) => row + 0.34,
          fill: colour,
          fillOpacity: 0.22,
          className: 'mean',
        }),
        Plot.ruleX([chance], { stroke: QUIET, strokeDasharray: '5 4', className: 'chance' }),
        Plot.text([chance], {
          x: (value: number) => value,
          frameAnchor: 'top',
          dy: -20,
          text: (value: number) => `chance ${percent(value, value < 0.01 ? 1 : 0)}`,
          fill: QUIET,
          className: 'chance-label',
        }),
        Plot.dot(results, {
          x: 'accuracy',
          y: ({ method, seed }: { method: string; seed: number }) =>
            names.indexOf(method) + lane(seed),
          r: 5,
          fill: colour,
          stroke: 'white',
          className: 'seeds',
        }),
        Plot.text(rows, {
          x: 'best',
          y: 'row',
          text: ({ mean, std, seeds }: SeedStatistics) =>
            percent(mean) + (seeds > 1 ? ` ± ${(std * 100).toFixed(1)}` : ''),
          fill: INK,
          fontWeight: 'bold',
          textAnchor: 'start',
          dx: 14,
          className: 'mean-label',
        }),
        Plot.text(rows, {
          frameAnchor: 'left',
          y: 'row',
          text: 'method',
          fontSize: FONT_SIZE + 1,
          fontWeight: 'bold',
          fill: colour,
          textAnchor: 'end',
          dx: -12,
          dy: -1,
          lineAnchor: 'bottom',
          // Plot breaks lines as if letters were as narrow as Helvetica's, 5/7 of what `textWidth` takes them for.
          lineWidth: (labelWidth / (FONT_SIZE + 1)) * (5 / 7),
          className: 'method',
        }),
        Plot.text(rows, {
          frameAnchor: 'left',
          y: 'row',
          text: keptText,
          fill: QUIET,
          textAnchor: 'end',
          dx: -12,
          dy: 10,
          className: 'density',
        }),
      ],
    },
  );
}
