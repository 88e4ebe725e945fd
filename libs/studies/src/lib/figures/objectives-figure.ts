import { join } from 'node:path';
import { densityKey, groupBy } from '@winnow/report';
import type { Level, PointsPanel } from '@winnow/report/figures';
import * as z from 'zod';
import { densityAxis } from './accuracy-figure.ts';
import { looksOf } from './figure-looks.ts';
import {
  type FigureRun,
  type FigureRuns,
  type ToldFigure,
  leftOut,
  noFigure,
  within,
  worldOf,
} from './figure-runs.ts';
import { groupsAlong, sampleGroup } from './sample-groups.ts';
import { type StoredObjectives, keptObjectives } from '../compare/stored-objectives.ts';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { writtenOutput } from './written-output.ts';

const values = z.record(z.string(), z.number().nullable());
const comparison = z.object({
  format: z.literal(1),
  model: z.string(),
  dataset: z.string(),
  tickets: z.array(z.object({ label: z.string(), density: z.number(), seed: z.number(), values })),
  dense: z.array(z.object({ seed: z.number(), values })),
});

type Comparison = Pick<z.output<typeof comparison>, 'tickets' | 'dense'> & {
  readonly world: string;
};

const DENSE = 'dense';
const HINT = 'Let `winnow compare RUNS --out DIR` compute them, and give DIR.';

/** What `winnow compare` wrote into these folders. Throws BAD_RUN. */
export async function comparisonsIn(folders: readonly string[]): Promise<readonly Comparison[]> {
  const found = await someAtATime(folders, (folder) =>
    writtenOutput(join(folder, 'compare.json'), comparison),
  );
  return found.flatMap((one) => (one ? [{ world: worldOf(one), ...one }] : []));
}

/** The same of values that runs have kept, all of as many images. Throws NO_FIGURE, BAD_RUN. */
export async function keptComparisons({ runs }: FigureRuns): Promise<{
  readonly comparisons: readonly Comparison[];
  readonly notes: readonly string[];
}> {
  const all = await someAtATime(runs, async (run) => ({
    run,
    kept: await keptObjectives(run.folder),
  }));
  const having = all.filter((one): one is Kept => one.kept?.ticket !== undefined);
  if (having.length === 0)
    throw noFigure('objectives', 'none of these runs has kept values of objectives', HINT);
  const made = ({ kept: { images, backend, plugins } }: Kept) =>
    JSON.stringify([images, backend, plugins]);
  if (new Set(having.map(made)).size > 1)
    throw noFigure(
      'objectives',
      'the values that these runs have kept are over other images, or of other backends or plugins',
      HINT,
    );
  const pruned = all.filter(({ run, kept }) => !kept && run.result.kept < run.result.size);
  return {
    comparisons: [...groupBy(having, ({ run }) => run.world)].map(([world, own]) => ({
      world,
      tickets: own.map(({ run, kept }) => ({
        label: run.series,
        density: run.config.density,
        seed: run.config.seed,
        values: kept.ticket!,
      })),
      dense: own.flatMap(({ run, kept }) =>
        kept.dense ? [{ seed: run.config.seed, values: kept.dense }] : [],
      ),
    })),
    notes: leftOut(
      pruned.map(({ run }) => run.folder.path),
      'without values of objectives',
    ),
  };
}

interface Kept {
  readonly run: FigureRun;
  readonly kept: StoredObjectives;
}

/** What tickets reach by each objective, against weights remaining, a panel an objective. Throws NO_FIGURE where no value is finite. */
export function objectivesFigure(
  comparisons: readonly Comparison[],
  notes: readonly string[],
): ToldFigure {
  const worlds = new Set(comparisons.map(({ world }) => world));
  const panels = comparisons.flatMap(({ world, tickets, dense }) => {
    const names = [...new Set(tickets.flatMap((ticket) => Object.keys(ticket.values)))];
    return names.flatMap((name): PointsPanel[] => {
      const samples = tickets.flatMap(({ label, density, seed, values }) => {
        const value = values[name] ?? null;
        return value === null ? [] : [{ series: label, seed, x: densityKey(density), value }];
      });
      if (samples.length === 0) return [];
      const x = densityAxis(samples.map((sample) => sample.x));
      const y = {
        label: within(world, worlds, name),
        column: name,
        unit: 'number',
        scale: 'auto',
      } as const;
      const groups = groupsAlong(samples);
      return [
        {
          kind: 'points',
          name: within(world, worlds, name),
          x,
          y,
          groups,
          levels: levelOf(dense, name),
        },
      ];
    });
  });
  if (panels.length === 0) throw noFigure('objectives', 'no value of an objective is finite', HINT);
  return {
    about: `What tickets reach: ${[...worlds].join('; ')}`,
    panels,
    looks: looksOf(panels, panels.some(({ levels }) => levels.length > 0) ? [DENSE] : []),
    notes,
  };
}

function levelOf(dense: Comparison['dense'], name: string): Level[] {
  const samples = dense.flatMap(({ seed, values }) => {
    const value = values[name] ?? null;
    return value === null ? [] : [{ seed, x: 1, value }];
  });
  return samples.length > 0 ? [sampleGroup(DENSE, samples)] : [];
}
