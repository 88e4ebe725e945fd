import { densityKey, groupBy } from '@winnow/report';
import type { Axis, FigurePanel, Level } from '@winnow/report/figures';
import { chanceOf } from '../results/chance-of.ts';
import {
  type AccuracyKind,
  type ResultRow,
  oncePerTicket,
  rowsOf,
} from '../results/result-rows.ts';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { CHANCE, looksOf } from './figure-looks.ts';
import { type FigureRun, type ToldFigure, isDense, within, worldsOf } from './figure-runs.ts';
import { REPEATED, leftOut } from '../results/left-out.ts';
import { groupsAlong, sampleGroup } from './sample-groups.ts';

/** More than these in one panel are not told apart. */
const MOST_SERIES = 8;

/** Weights remaining, the axis of the field: from dense to sparse on a log scale, labelled where something was measured. */
export const densityAxis = (densities: readonly number[]): Axis => ({
  label: 'Weights remaining (%)',
  column: 'density',
  unit: 'percent',
  scale: 'log',
  reversed: true,
  ticks: [...new Set(densities)].sort((a, b) => b - a),
});

export const accuracyAxis = (kind: AccuracyKind): Axis => ({
  label: `${kind === 'test' ? 'Test' : 'Validation'} accuracy (%)`,
  column: `${kind}Accuracy`,
  unit: 'percent',
  scale: 'linear',
});

/** The accuracy of guessing as a height to compare with, where it is one. */
export const chanceLevels = (chance: number | undefined): Level[] =>
  chance === undefined
    ? []
    : [{ series: CHANCE, mean: chance, interval: null, samples: [], aside: true }];

/** Runs that were measured unpruned, as heights to compare with. */
export const denseLevels = (rows: readonly ResultRow[]): Level[] =>
  [...groupBy(rows, ({ method }) => method)].map(([series, own]) =>
    sampleGroup(
      series,
      own.map(({ seed, density, accuracy }) => ({ seed, x: density, value: accuracy })),
    ),
  );

/** A run's own row, and with validation those of its rounds; each seed once at a density. */
export async function accuracyRows(
  runs: readonly FigureRun[],
  kind: AccuracyKind,
): Promise<ReturnType<typeof oncePerTicket>> {
  const rows = await someAtATime(runs, (run) => rowsOf(run, { method: run.series }, kind));
  return oncePerTicket(rows.flat());
}

/**
 * Accuracy against weights remaining, a panel a network and data set, and of many series a panel a method with the others in
 * grey behind; at a single density a row a series.
 */
export async function accuracyFigure(
  runs: readonly FigureRun[],
  kind: AccuracyKind,
): Promise<ToldFigure> {
  const worlds = worldsOf(runs);
  const panels: FigurePanel[] = [];
  const levels: string[] = [];
  const repeated: string[] = [];
  for (const world of worlds) {
    const own = runs.filter((run) => run.world === world);
    const dense = await accuracyRows(own.filter(isDense), kind);
    const pruned = await accuracyRows(
      own.filter((run) => !isDense(run)),
      kind,
    );
    repeated.push(...dense.repeated, ...pruned.repeated);
    const samples = pruned.rows.map(({ method, seed, density, accuracy }) => ({
      series: method,
      seed,
      x: densityKey(density),
      value: accuracy,
    }));
    const densities = new Set(samples.map(({ x }) => x));
    const groups = groupsAlong(samples);
    const compared = denseLevels(dense.rows);
    const chance = chanceLevels(chanceOf(own));
    levels.push(...[...compared, ...chance].map(({ series }) => series));
    const axes = { x: densityAxis([...densities]), y: accuracyAxis(kind) };
    if (densities.size < 2) {
      const rows = [...compared.map((level) => ({ ...level, x: 1 })), ...groups];
      panels.push({ kind: 'rows', name: world, ...axes, groups: rows, levels: chance });
      continue;
    }
    const methods = groupBy(groups, ({ series }) => methodOf(own, series));
    const isSplit =
      new Set(groups.map(({ series }) => series)).size > MOST_SERIES && methods.size > 1;
    const points = { kind: 'points', ...axes, levels: [...compared, ...chance] } as const;
    if (!isSplit) panels.push({ ...points, name: world, groups });
    else
      for (const [method, groups] of methods) {
        const behind = [...methods.values()].filter((other) => other !== groups).flat();
        panels.push({ ...points, name: within(world, worlds, method), groups, behind });
      }
  }
  return {
    about: `${accuracyAxis(kind).label} against weights remaining: ${[...worlds].join('; ')}`,
    panels,
    looks: looksOf(panels, levels),
    notes: leftOut(repeated, REPEATED),
  };
}

const methodOf = (runs: readonly FigureRun[], series: string) =>
  runs.find((run) => run.series === series)!.config.method.name;
