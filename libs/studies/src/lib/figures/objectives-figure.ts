import { basename, join, resolve } from 'node:path';
import { DENSE } from '@winnow/plugin-api';
import { densityKey, groupBy } from '@winnow/report';
import type { Level, PointsPanel } from '@winnow/report/figures';
import * as z from 'zod';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { densityAxis } from './accuracy-figure.ts';
import type { DenseValues } from './dense-values.ts';
import { looksOf } from './figure-looks.ts';
import { type ToldFigure, noFigure, within, worldOf } from './figure-runs.ts';
import { leftOut } from '../results/left-out.ts';
import { startName } from '../results/run-facts.ts';
import { namesApart } from './names-apart.ts';
import { groupsAlong } from './sample-groups.ts';
import { writtenOutput } from './written-output.ts';

const values = z.record(z.string(), z.number().nullable());
const comparison = z.object({
  format: z.literal(1),
  model: z.string(),
  dataset: z.string(),
  start: z.enum(['init', 'rewind']),
  rewindEpochs: z.number(),
  tickets: z.array(z.object({ label: z.string(), density: z.number(), seed: z.number(), values })),
  dense: z.array(z.object({ seed: z.number(), values })),
});

export interface Comparison extends Pick<z.output<typeof comparison>, 'tickets'> {
  readonly world: string;
  /** What tells it from another one of its network and data set. */
  readonly facts: readonly string[];
  readonly dense: readonly DenseValues[];
}

export interface Comparisons {
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
}

export const HINT = 'Let `winnow compare RUNS --out DIR` compute them, and give DIR.';

/** What `winnow compare` wrote into these folders; nothing where it has into none. Throws BAD_RUN. */
export async function comparisonsIn(folders: readonly string[]): Promise<Comparisons | undefined> {
  const given = [...new Map(folders.map((folder) => [resolve(folder), folder])).values()];
  const found = await someAtATime(given, (folder) =>
    writtenOutput(join(folder, 'compare.json'), comparison),
  );
  const comparisons = found.flatMap((one, i): Comparison[] => {
    if (!one) return [];
    const folder = given[i]!;
    const dense = one.dense.map((own) => ({ series: DENSE, ...own }));
    return [
      {
        ...one,
        world: worldOf(one),
        facts: [startName(one), basename(resolve(folder)), folder],
        dense,
      },
    ];
  });
  if (comparisons.length === 0) return undefined;
  const without = given.filter((_, i) => !found[i]);
  return { comparisons, notes: leftOut(without, 'without a compare.json, where others have one') };
}

/** What tickets reach by each objective, against weights remaining, a panel an objective. Throws NO_FIGURE where no value is finite. */
export function objectivesFigure({ comparisons, notes }: Comparisons): ToldFigure {
  const worlds = new Set(comparisons.map(({ world }) => world));
  const drawn = comparisons.flatMap(({ world, facts, tickets, dense }) => {
    const names = [...new Set(tickets.flatMap((ticket) => Object.keys(ticket.values)))];
    return names.flatMap((name): { panel: PointsPanel; facts: readonly string[] }[] => {
      const samples = tickets.flatMap(({ label, density, seed, values }) => {
        const value = values[name] ?? null;
        return value === null ? [] : [{ series: label, seed, x: densityKey(density), value }];
      });
      if (samples.length === 0) return [];
      const label = within(world, worlds, name);
      const panel = {
        kind: 'points',
        name: label,
        x: densityAxis(samples.map((sample) => sample.x)),
        y: { label, column: name, unit: 'number', scale: 'auto' },
        groups: groupsAlong(samples),
        levels: levelsOf(dense, name),
      } as const;
      return [{ panel, facts }];
    });
  });
  if (drawn.length === 0) throw noFigure('objectives', 'no value of an objective is finite', HINT);
  const names = namesApart(drawn.map(({ panel, facts }) => ({ name: panel.name, facts })));
  const gone = comparisons.flatMap(({ world, tickets, dense }) => {
    const values = [...tickets.map(({ label, values }) => ({ series: label, values })), ...dense];
    return notFinite(values, (name) => within(world, worlds, name));
  });
  const panels = drawn.map(({ panel }, i) => ({ ...panel, name: names[i]! }));
  const levels = panels.flatMap(({ levels }) => levels.map(({ series }) => series));
  return {
    about: `What tickets reach: ${[...worlds].join('; ')}`,
    panels,
    looks: looksOf(panels, levels),
    notes: [...notes, ...gone],
  };
}

/** A sentence an objective on values of it that no axis has a place for, by series. */
function notFinite(
  all: readonly Pick<DenseValues, 'series' | 'values'>[],
  labelOf: (name: string) => string,
): string[] {
  const known = all.flatMap(({ series, values }) =>
    Object.entries(values).map(([name, value]) => ({ name, series, value })),
  );
  return [...groupBy(known, ({ name }) => name)].flatMap(([name, own]) => {
    const told = [...groupBy(own, ({ series }) => series)].flatMap(([series, values]) => {
      const gone = values.filter(({ value }) => value === null).length;
      return gone > 0 ? [`${labelOf(name)} of ${series} (${gone} of ${values.length})`] : [];
    });
    return leftOut(told, 'not finite');
  });
}

function levelsOf(dense: readonly DenseValues[], name: string): Level[] {
  const samples = dense.flatMap(({ series, seed, values }) => {
    const value = values[name] ?? null;
    return value === null ? [] : [{ series, seed, x: 1, value }];
  });
  return groupsAlong(samples);
}
