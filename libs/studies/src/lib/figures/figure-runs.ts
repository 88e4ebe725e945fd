import { DENSE, WinnowError } from '@winnow/plugin-api';
import { densityKey, densityText, groupBy } from '@winnow/report';
import type { Figure } from '@winnow/report/figures';
import type { FoundRun } from '../results/find-runs.ts';
import { fittingRuns } from '../results/fitting-runs.ts';
import { type FinishedRun, gatherRuns } from '../results/gather-runs.ts';
import { COPY, REPEATED, besideFinished, leftOut } from '../results/left-out.ts';
import { tellRunsApart } from '../results/tell-runs-apart.ts';
import type { ToldRun } from '../results/told-run.ts';
import { noRunFits } from '../tidy/no-run-fits.ts';
import { type RunFilter, filterRuns } from '../tidy/run-filter.ts';
import { tidySettings, withoutCopies } from '../tidy/tidy-runs.ts';

/** A run, finished or not, by the name that figures call it by. */
export interface SeriesRun extends FoundRun, ToldRun {
  /** "resnet8 on digits" */
  readonly world: string;
  /** What tells it from the other runs of its world, density and seed left out. */
  readonly series: string;
}

/** A run of a figure. */
export interface FigureRun extends SeriesRun, FinishedRun {}

/** What figures are made of. */
export interface FigureRuns {
  readonly runs: readonly FigureRun[];
  readonly notes: readonly string[];
}

/** A figure, and what it leaves out. */
export interface ToldFigure extends Figure {
  readonly notes: readonly string[];
}

/** "resnet8 on digits" */
export const worldOf = ({ model, dataset }: { readonly model: string; readonly dataset: string }) =>
  `${model} on ${dataset}`;

export const isDense = ({ config }: Pick<SeriesRun, 'config'>) => config.method.name === DENSE;

/** What a panel of one density is called. */
export const densityName = (density: number) => `${densityText(density)} of weights`;

/** Where there is more than one network or data set, names say which. */
export const within = (world: string, worlds: ReadonlySet<string>, name: string) =>
  worlds.size > 1 ? `${world}, ${name}` : name;

export const worldsOf = (runs: readonly FigureRun[]) => new Set(runs.map(({ world }) => world));

/** A figure that these runs cannot make. */
export const noFigure = (kind: string, why: string, hint: string) =>
  new WinnowError('NO_FIGURE', `There is no figure of ${kind} to draw: ${why}.`, { hint });

/** Those that fit, copies left out, by the names that they have beside each other. Throws NO_RUNS, UNKNOWN_NAME of a setting. */
export function seriesRuns<R extends FoundRun & ToldRun>(
  all: readonly R[],
  where: readonly RunFilter[] = [],
): { readonly runs: readonly (R & SeriesRun)[]; readonly copies: readonly string[] } {
  const { runs: once, copies } = withoutCopies(all.map(tidySettings));
  const fitting = new Set(filterRuns(once, where).map(({ folder }) => folder));
  if (fitting.size === 0 && all.length > 0) throw noRunFits(once, where, 'run');
  const chosen = all.filter(({ folder }) => fitting.has(folder.path));
  const worlds = groupBy(chosen, ({ config: { model, dataset } }) =>
    worldOf({ model: model.name, dataset: dataset.name }),
  );
  const runs = [...worlds].flatMap(([world, own]) => {
    const series = tellRunsApart(own);
    return own.map((run, i) => ({ ...run, world, series: series[i]! }));
  });
  return { runs, copies };
}

/**
 * Finished runs at or below folders, of any networks and data sets, copies left out. Throws FILE_NOT_READABLE, BAD_RUN, NO_RUNS,
 * UNKNOWN_NAME of a setting.
 */
export async function figureRuns(
  folders: readonly string[],
  where: readonly RunFilter[],
): Promise<FigureRuns> {
  const gathered = await fittingRuns(await gatherRuns(folders), where);
  const told = gathered.finished.map((run) => ({ ...run, environments: run.result.environments }));
  const { runs, copies } = seriesRuns(told);
  return { runs, notes: [...besideFinished(gathered), ...leftOut(copies, COPY)] };
}

/**
 * The first of runs of one name, seed and density, as `oncePerTicket` has it: made anew by another version, a run is no copy, and
 * no second seed. Of a series that a style makes of runs unlike each other, `kindOf` tells the kinds.
 */
export function oncePerSeed<T extends { readonly run: SeriesRun }>(
  all: readonly T[],
  kindOf: (run: T['run']) => string = () => '',
): { readonly once: readonly T[]; readonly notes: readonly string[] } {
  const once = new Map<string, T>();
  const repeated: string[] = [];
  for (const one of all) {
    const { world, series, folder, config } = one.run;
    const key = JSON.stringify([
      ...[world, series, config.seed, densityKey(config.density)],
      kindOf(one.run),
    ]);
    if (once.has(key)) repeated.push(folder.path);
    else once.set(key, one);
  }
  return { once: [...once.values()], notes: leftOut(repeated, REPEATED) };
}
