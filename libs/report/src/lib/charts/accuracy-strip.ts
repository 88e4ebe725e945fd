import * as Plot from '@observablehq/plot';
import { groupBy } from '../group-by.ts';
import { type Look, isNarrow, textWidth, wrapText } from '../look.ts';
import { methodColours } from '../method-colours.ts';
import { densityText, percent } from '../percent.ts';
import type { AccuracyPictureOptions, SeedStatistics } from '../seed-statistics.ts';
import { panelSvg } from '../svg.ts';

const LINE = 18;
const LABEL_GAP = 32;
const BAR = 44;
const PAD = 20;
/** Beyond it a picture of a file is too large for what shows it. */
const MOST_ROWS = 120;

/** One row a method: its seeds as dots, their mean as a bar with its value; where it is narrow, under the method's name. */
export function accuracyStrip(
  { title, subtitle, chance, results }: AccuracyPictureOptions,
  methods: ReadonlyMap<string, readonly SeedStatistics[]>,
  look: Look,
): string {
  const { width, fontSize, ink, quiet, rule } = look;
  const isAbove = isNarrow(look);
  const names = [...methods.keys()].slice(0, MOST_ROWS);
  const more = methods.size - names.length;
  const byMethod = groupBy(results, ({ method }) => method);
  const shown = names.flatMap((method) => byMethod.get(method)!);
  const seeds = [...new Set(shown.map(({ seed }) => seed))].sort((a, b) => a - b);
  const keptText = ({ density, seeds }: SeedStatistics) =>
    `${densityText(density)} kept, n = ${seeds}`;
  const nameWidth = Math.max(...names.map((name) => textWidth(name, fontSize + 1, true)));
  const keptWidth = Math.max(
    ...names.map((method) => textWidth(keptText(methods.get(method)![0]!), fontSize - 1)),
  );
  const labelWidth = isAbove
    ? width - 2 * PAD
    : Math.min(Math.max(nameWidth, keptWidth), width / 2 - LABEL_GAP);
  const rows = names.map((method, row) => ({
    method,
    row,
    ...methods.get(method)![0]!,
    best: Math.max(...byMethod.get(method)!.map(({ accuracy }) => accuracy)),
    lines: wrapText(method, labelWidth, fontSize + 1, true),
  }));
  type Row = (typeof rows)[number];
  const lines = Math.max(...rows.map((row) => row.lines.length));
  const words = (lines + 1) * LINE;
  const height = isAbove ? words + BAR + 6 : Math.max(BAR, words) + PAD;
  // Pixels from the middle of a row, as y says them in rows.
  const y = (pixels: number) => (row: Row) => row.row + pixels / height;
  const middle = isAbove ? height / 2 - BAR / 2 - 2 : 0;
  const colour = methodColours(methods, look);
  const rowOf = new Map(names.map((method, row) => [method, row]));
  // Every seed has a lane of its own in all rows, so that equal accuracies do not hide each other.
  const laneOf = new Map(seeds.map((seed, i) => [seed, i]));
  const lane = (seed: number) =>
    seeds.length > 1 ? (laneOf.get(seed)! / (seeds.length - 1) - 0.5) * BAR * 0.54 : 0;
  const guessed = chance === undefined ? [] : [chance];
  const top = Math.ceil(Math.max(0.1, ...guessed, ...rows.map(({ best }) => best)) * 10) / 10;
  const left = isAbove
    ? ({ textAnchor: 'start', dx: 0 } as const)
    : ({ textAnchor: 'end', dx: -12 } as const);
  const firstLine = isAbove ? 14 - height / 2 : LINE / 2 - words / 2;

  return panelSvg(
    { title, subtitle },
    {
      height: names.length * height + 60 + (more > 0 ? LINE : 0),
      marginLeft: isAbove ? PAD : LABEL_GAP + labelWidth,
      marginRight: isAbove ? PAD : 135,
      marginTop: 26,
      marginBottom: 34 + (more > 0 ? LINE : 0),
      x: { domain: [0, top] },
      y: { domain: [names.length - 0.5, -0.5], axis: null },
      marks: [
        Plot.gridX({ stroke: rule, strokeOpacity: 1 }),
        Plot.axisX({
          ...(isAbove && { ticks: 5 }),
          tickFormat: (tick: number) => percent(tick, 0),
          tickSize: 0,
          label: null,
        }),
        Plot.text(more > 0 ? [`${more} more methods stand in the table.`] : [], {
          frameAnchor: 'bottom-left',
          textAnchor: 'start',
          lineAnchor: 'top',
          dy: 26,
          fill: quiet,
          className: 'more',
        }),
        Plot.rect(rows, {
          x1: 0,
          x2: 'mean',
          y1: y(middle - BAR / 2),
          y2: y(middle + BAR / 2),
          fill: colour,
          fillOpacity: 0.22,
          className: 'mean',
        }),
        Plot.ruleX(guessed, { stroke: quiet, strokeDasharray: '5 4', className: 'chance' }),
        Plot.text(guessed, {
          x: (value: number) => value,
          frameAnchor: 'top',
          dy: -20,
          text: (value: number) => `chance ${percent(value, value < 0.01 ? 1 : 0)}`,
          fill: quiet,
          className: 'chance-label',
        }),
        Plot.dot(shown, {
          x: 'accuracy',
          y: ({ method, seed }: { method: string; seed: number }) =>
            rowOf.get(method)! + (middle + lane(seed)) / height,
          r: 5,
          fill: colour,
          stroke: look.ground,
          className: 'seeds',
        }),
        Plot.text(rows, {
          ...(isAbove
            ? { frameAnchor: 'right', textAnchor: 'end', y: y(firstLine + lines * LINE) }
            : { x: 'best', textAnchor: 'start', dx: 14, y: 'row' }),
          text: ({ mean, std, seeds }: SeedStatistics) =>
            percent(mean) + (seeds > 1 ? ` ± ${(std * 100).toFixed(1)}` : ''),
          fill: ink,
          fontWeight: 'bold',
          className: 'mean-label',
        }),
        Plot.text(
          rows.flatMap((row) => row.lines.map((text, i) => ({ ...row, text, i }))),
          {
            ...left,
            frameAnchor: 'left',
            y: (line: Row & { i: number }) => y(firstLine + line.i * LINE)(line),
            text: 'text',
            fontSize: fontSize + 1,
            fontWeight: 'bold',
            fill: ink,
            className: 'method',
          },
        ),
        Plot.text(rows, {
          ...left,
          frameAnchor: 'left',
          y: (row: Row) => y(firstLine + row.lines.length * LINE)(row),
          text: keptText,
          fill: quiet,
          className: 'density',
        }),
      ],
    },
    look,
  );
}
