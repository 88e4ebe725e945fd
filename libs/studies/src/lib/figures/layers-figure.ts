import { densityKey, groupBy } from '@winnow/report';
import type { PointsPanel } from '@winnow/report/figures';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { commonOrder } from './common-order.ts';
import { looksOf } from './figure-looks.ts';
import {
  type FigureRun,
  type FigureRuns,
  type ToldFigure,
  densityName,
  noFigure,
  oncePerSeed,
  within,
  worldsOf,
} from './figure-runs.ts';
import { leftOut } from '../results/left-out.ts';
import { groupsAlong } from './sample-groups.ts';

interface Ticketed {
  readonly run: FigureRun;
  /** Of each layer, in the order of the network. */
  readonly densities: ReadonlyMap<string, number>;
}

async function ticketOf(run: FigureRun): Promise<Ticketed | undefined> {
  if (!(await run.folder.has('ticket'))) return undefined;
  const { layers, counts } = await run.folder.readTicket();
  const densities = [...layers].map(([name, { kept }]) => {
    // Every one is a weight.
    return [name.replace(/\.weight$/, ''), counts.get(name)! / kept.length] as const;
  });
  return { run, densities: new Map(densities) };
}

/**
 * What tickets keep of each layer, from the input to the output, a panel a density. Throws NO_FIGURE where no run has a
 * ticket, and what reading one does.
 */
export async function layersFigure({ runs }: FigureRuns): Promise<ToldFigure> {
  const pruned = runs.filter(({ result }) => result.kept < result.size);
  const found = await someAtATime(pruned, ticketOf);
  const ticketed = found.filter((one) => one !== undefined);
  if (ticketed.length === 0)
    throw noFigure(
      'layers',
      'none of these runs has kept a ticket',
      'Give runs of methods that prune; a study keeps their tickets with `keep: [ticket]`.',
    );
  const { once, notes } = oncePerSeed(ticketed);
  const worlds = worldsOf(ticketed.map(({ run }) => run));
  const panels = [...groupBy(once, ({ run }) => run.world)].flatMap(([world, all]) => {
    const names = commonOrder(all.map(({ densities }) => [...densities.keys()]));
    const byDensity = groupBy(all, ({ run }) => densityKey(run.result.density));
    return [...byDensity]
      .sort(([a], [b]) => b - a)
      .map(([density, own]): PointsPanel => ({
        kind: 'points',
        name: within(world, worlds, densityName(density)),
        x: {
          label: 'Layer',
          column: 'layer',
          unit: 'number',
          scale: 'linear',
          ticks: names.map((_, i) => i + 1),
          names,
        },
        y: { label: 'Weights kept (%)', column: 'layerDensity', unit: 'percent', scale: 'log' },
        groups: groupsAlong(
          own.flatMap(({ run, densities }) =>
            [...densities].map(([name, value]) => ({
              series: run.series,
              seed: run.config.seed,
              x: names.indexOf(name) + 1,
              value,
            })),
          ),
        ),
        levels: [],
      }));
  });
  const without = pruned.filter((_, i) => !found[i]).map(({ folder }) => folder.path);
  return {
    about: `Weights kept of each layer: ${[...worlds].join('; ')}`,
    panels,
    looks: looksOf(panels),
    notes: [...leftOut(without, 'without a ticket'), ...notes],
  };
}
