import { canonicalJson } from '@winnow/experiments';
import { densityKey, groupBy } from '@winnow/report';
import type { Axis, PointsPanel } from '@winnow/report/figures';
import { chanceOf } from '../results/chance-of.ts';
import { accuracyAxis, accuracyRows, chanceLevels, denseLevels } from './accuracy-figure.ts';
import { looksOf } from './figure-looks.ts';
import {
  type FigureRun,
  type SeriesRun,
  type ToldFigure,
  densityName,
  isDense,
  noFigure,
  oncePerSeed,
  within,
  worldsOf,
} from './figure-runs.ts';
import { REPEATED, leftOut } from '../results/left-out.ts';
import { sampleGroup } from './sample-groups.ts';

export const COSTS = ['minutes', 'multiply-adds'] as const;
export type Cost = (typeof COSTS)[number];

const AXES: Readonly<Record<Cost, Axis>> = {
  minutes: {
    label: 'Minutes to find the ticket',
    column: 'searchMinutes',
    unit: 'number',
    scale: 'symlog',
  },
  'multiply-adds': {
    label: 'Multiply-adds to find the ticket',
    column: 'searchMultiplyAdds',
    unit: 'number',
    scale: 'symlog',
  },
};

function costOf({ result: { minutes, multiplyAddsSpent } }: FigureRun, cost: Cost) {
  return cost === 'minutes' ? minutes.search : multiplyAddsSpent?.search;
}

/** A style may make one line of searches of several lengths; seeds of other machines belong to theirs. */
const optionsOf = ({ config: { method, objective, recipe } }: SeriesRun) =>
  canonicalJson([
    ...[method.name, method.options, recipe.epochs],
    ...[objective?.name ?? null, objective?.options ?? null],
  ])!;

/** Test accuracy against what finding the ticket cost from the start point on, a panel a density. Throws NO_FIGURE. */
export async function costFigure(runs: readonly FigureRun[], cost: Cost): Promise<ToldFigure> {
  const worlds = worldsOf(runs);
  const panels: PointsPanel[] = [];
  const levels: string[] = [];
  const costed = runs.flatMap((run) => {
    const x = costOf(run, cost);
    return isDense(run) || x === undefined ? [] : [{ run, x }];
  });
  const { once, notes } = oncePerSeed(costed, optionsOf);
  const repeated: string[] = [];
  for (const world of worlds) {
    const own = runs.filter((run) => run.world === world);
    const dense = await accuracyRows(own.filter(isDense), 'test');
    repeated.push(...dense.repeated);
    const compared = denseLevels(dense.rows);
    const chance = chanceLevels(chanceOf(own));
    levels.push(...[...compared, ...chance].map(({ series }) => series));
    const here = once.filter(({ run }) => run.world === world);
    const byDensity = groupBy(here, ({ run }) => densityKey(run.result.density));
    for (const [density, all] of [...byDensity].sort(([a], [b]) => b - a)) {
      const groups = [...groupBy(all, ({ run }) => run.series)].flatMap(([series, own]) =>
        [...groupBy(own, ({ run }) => optionsOf(run)).values()]
          .map((alike) =>
            sampleGroup(
              series,
              alike.map(({ run, x }) => ({
                seed: run.config.seed,
                x,
                value: run.result.testAccuracy,
              })),
            ),
          )
          .sort((a, b) => a.x - b.x),
      );
      panels.push({
        kind: 'points',
        name: within(world, worlds, densityName(density)),
        x: AXES[cost],
        y: accuracyAxis('test'),
        groups,
        levels: [...compared, ...chance],
        exactX: true,
      });
    }
  }
  if (panels.length === 0)
    throw noFigure(
      'cost',
      `none of these runs has counted the ${cost} of a search`,
      'Give runs of methods that prune.',
    );
  const without = runs.filter((run) => !isDense(run) && costOf(run, cost) === undefined);
  return {
    about: `Test accuracy against ${cost} to find the ticket: ${[...worlds].join('; ')}`,
    panels,
    looks: looksOf(panels, levels),
    notes: [
      ...leftOut(
        without.map(({ folder }) => folder.path),
        `without ${cost} of a search`,
      ),
      ...leftOut(repeated, REPEATED),
      ...notes,
    ],
  };
}
