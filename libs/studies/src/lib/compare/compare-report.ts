import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '@winnow/files/disk';
import {
  type Look,
  type Page,
  type PageSection,
  type ReportText,
  csv,
  densityText,
  meanAndDeviation,
  minutesText,
  objectivePicture,
  renderPage,
  seedCounts,
  shortCount,
  svgToPng,
} from '@winnow/report';
import { missingSeeds } from '../results/missing-seeds.ts';
import type { ComparedTicket, Comparison } from './compare-tickets.ts';
import { seedsOfMeans, seedsOfValues } from './seeds-of-means.ts';

const LOWER = 'Of every objective, lower is better.';

const finite = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

function mean(values: readonly (number | null)[]): number | undefined {
  const known = finite(values);
  return known.length === 0 ? undefined : meanAndDeviation(known).mean;
}

const threeDigits = (value: number) => (value === 0 ? '0' : value.toPrecision(3));
const countText = (count: number) => shortCount(count).trim();

/** A mean; where not all values are known and finite, with how many it is over. */
function meanText(values: readonly (number | null)[], show: (value: number) => string): string {
  const { length } = finite(values);
  if (length === 0) return '–';
  return `${show(mean(values)!)}${length === values.length ? '' : ` (n = ${length})`}`;
}

const densitiesOf = ({ tickets }: Comparison) =>
  [...new Set(tickets.map(({ density }) => density))].sort((a, b) => b - a);

const columnsOf = ({ objectives }: Comparison) => [
  'method',
  'n',
  'minutes',
  'multiply-adds',
  ...objectives,
];

const valueText = (objective: string, of: readonly Pick<ComparedTicket, 'values'>[]) =>
  meanText(
    of.map(({ values }) => values[objective] ?? null),
    threeDigits,
  );

/** Means over the seeds of each method, and of the dense network. */
function rowsAt(density: number, { tickets, objectives, dense }: Comparison): string[][] {
  const here = tickets.filter((ticket) => ticket.density === density);
  const labels = [...new Set(here.map(({ label }) => label))];
  const rows = labels.map((label) => {
    const own = here.filter((ticket) => ticket.label === label);
    return [
      label,
      String(own.length),
      minutesText(mean(own.map((ticket) => ticket.searchMinutes))!),
      meanText(
        own.map((ticket) => ticket.searchMultiplyAdds),
        countText,
      ),
      ...objectives.map((name) => valueText(name, own)),
    ];
  });
  const all = objectives.map((name) => valueText(name, dense));
  return [...rows, ['dense', String(dense.length), '', '', ...all]];
}

function comparisonCsv({ tickets, objectives }: Comparison): string {
  const fixed = ['method', 'objective', 'density', 'kept', 'seed'] as const;
  const told = tickets.some(({ versions }) => versions !== undefined) ? ['versions' as const] : [];
  return csv(
    ['label', ...fixed, ...told, 'search_minutes', 'search_multiply_adds', ...objectives],
    tickets.map((ticket: ComparedTicket) => [
      ticket.label,
      ...[...fixed, ...told].map((name) => ticket[name]),
      ticket.searchMinutes,
      ticket.searchMultiplyAdds ?? undefined,
      ...objectives.map((name) => ticket.values[name] ?? undefined),
    ]),
  );
}

const areMeans = (seeds: readonly number[]) => Math.max(...seeds) > 1;

function sentence(
  { images, trainImages, batchSize, start, rewindEpochs }: Comparison,
  seeds: readonly number[],
): string {
  const share = `${images.toLocaleString('en')} of ${trainImages.toLocaleString('en')} training images in batches of ${batchSize}`;
  const point =
    start === 'init' ? 'at initialisation' : `at the rewind point, epoch ${rewindEpochs}`;
  return `${areMeans(seeds) ? 'Means of' : 'Of'} ${seedCounts(seeds)}, over ${share}, ${point}.`;
}

/** What the means are not alike in, beside what their rows are called. */
const unlike = ({ tickets, notes }: Comparison) => [...missingSeeds(tickets), ...notes];

/** Nothing where every objective goes with the network. */
const skippedNote = ({ skipped }: Comparison) =>
  skipped.map(({ objective, reason }) => `Left out: ${objective}, since ${reason}`);

const COST =
  'Costs are those of finding the ticket from the start point. Multiply-adds are those of every convolution and matrix product, zeros of the mask included but in a program under a ticket, which leaves them out.';

/** Draws it in a look, on paper unless told otherwise; nothing where no value is finite. */
function picture(comparison: Comparison): ((look?: Look) => Promise<string>) | undefined {
  const { model, dataset, objectives, tickets, dense } = comparison;
  const densities = densitiesOf(comparison);
  const values = tickets.flatMap((ticket) => objectives.map((name) => ticket.values[name] ?? null));
  if (finite(values).length === 0) return undefined;
  const seeds = seedsOfValues(comparison);
  const options: Parameters<typeof objectivePicture>[0] = {
    title: `What tickets${densities.length === 1 ? ` of density ${densities[0]}` : ''} reach: ${model} on ${dataset}`,
    subtitle: [
      `${sentence(comparison, seeds)} ${LOWER}${areMeans(seeds) ? ' Shaded: ± 1 standard deviation.' : ''}`,
      ...unlike(comparison),
    ].join('\n'),
    panels: objectives.map((objective) => {
      const level = mean(dense.map(({ values }) => values[objective] ?? null));
      return {
        objective,
        results: tickets.flatMap(({ label, density, seed, values }) => {
          const value = values[objective] ?? null;
          return value === null ? [] : [{ method: label, density, seed, value }];
        }),
        ...(level === undefined ? {} : { dense: level }),
      };
    }),
  };
  return (look) => objectivePicture(options, look);
}

function comparisonPage(comparison: Comparison, draw: ReturnType<typeof picture>): Page {
  const { model, dataset, objectives } = comparison;
  const labels = [...new Set(comparison.tickets.map(({ label }) => label))];
  return {
    title: `What tickets reach, and what they cost: ${model} on ${dataset}`,
    summary: [
      [
        sentence(comparison, seedsOfMeans(comparison)),
        LOWER,
        COST,
        ...skippedNote(comparison),
      ].join(' '),
      ...unlike(comparison),
    ].join('\n\n'),
    sections: [
      ...(draw
        ? [
            {
              heading: 'Objective values',
              blocks: [
                {
                  kind: 'chart',
                  label: `Values of ${objectives.join(', ')} that tickets of ${labels.join(', ')} reach, against density; the tables below have them.`,
                  draw,
                } as const,
              ],
            },
          ]
        : []),
      ...densitiesOf(comparison).map((density): PageSection => ({
        heading: `Density ${densityText(density)}`,
        blocks: [
          {
            kind: 'table',
            caption: `Means at density ${density}`,
            columns: columnsOf(comparison),
            rows: rowsAt(density, comparison),
          },
        ],
      })),
    ],
  };
}

/** Writes `compare.json`, `compare.csv`, `compare.png` and `report.html`, and returns what to print. */
export async function writeComparison(comparison: Comparison, out: string): Promise<ReportText> {
  const draw = picture(comparison);
  const columns = columnsOf(comparison);
  const densities = densitiesOf(comparison);
  const report = join(out, 'report.html');
  const png = join(out, 'compare.png');
  await writeWhole(
    join(out, 'compare.json'),
    `${JSON.stringify({ format: 1, ...comparison }, undefined, 2)}\n`,
  );
  await writeWhole(join(out, 'compare.csv'), comparisonCsv(comparison));
  if (draw) await writeWhole(png, await svgToPng(await draw(), { width: 1200 }));
  else await rm(png, { force: true });
  await writeWhole(report, await renderPage(comparisonPage(comparison, draw)));
  const tables = densities.flatMap((density) => {
    const rows = rowsAt(density, comparison);
    return [`density ${density}`, { columns, rows }];
  });
  return [
    '',
    ...tables,
    `${sentence(comparison, seedsOfMeans(comparison))} ${LOWER}`,
    COST,
    ...unlike(comparison),
    ...skippedNote(comparison),
    draw
      ? `Report: ${report}; picture: ${png}`
      : `Report: ${report}; no objective has a finite value to draw.`,
    '',
  ];
}
