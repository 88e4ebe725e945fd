import { groupBy } from '@winnow/report';
import { type StoredObjectives, keptObjectives, madeByKey } from '../compare/stored-objectives.ts';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { findRuns } from '../results/find-runs.ts';
import type { RunFilter } from '../tidy/run-filter.ts';
import { denseValues } from './dense-values.ts';
import { type SeriesRun, isDense, noFigure, oncePerSeed, seriesRuns } from './figure-runs.ts';
import { COPY, UNREADABLE, leftOut } from '../results/left-out.ts';
import type { FigureStyle } from './figure-style.ts';
import { joinSeries } from './join-series.ts';
import { type Comparison, type Comparisons, HINT } from './objectives-figure.ts';

/** A run that has kept values of its ticket. */
interface Kept {
  readonly run: SeriesRun;
  readonly all: readonly Valued[];
}
type Valued = StoredObjectives & Required<Pick<StoredObjectives, 'ticket'>>;

const hasTicket = (values: StoredObjectives): values is Valued => values.ticket !== undefined;

/** What the most runs have values by; of several, those over the most images, and then those computed last. */
function usual(kept: readonly Kept[]): Valued {
  const alike = [
    ...groupBy(
      kept.flatMap(({ all }) => all),
      madeByKey,
    ).values(),
  ];
  const [first] = alike
    .reverse()
    .sort((a, b) => b.length - a.length || b[0]!.images - a[0]!.images);
  return first![0]!;
}

/** Of one network and data set, and of one number of images, backend and version, so that all can stand beside each other. */
function comparisonOf(
  world: string,
  own: readonly Kept[],
): { readonly comparison: Comparison; readonly notes: readonly string[] } {
  const made = usual(own);
  const isUsual = (values: Valued) => madeByKey(values) === madeByKey(made);
  const valued = own.flatMap(({ run, all }) => all.filter(isUsual).map((kept) => ({ run, kept })));
  const others = own.filter(({ all }) => !all.every(isUsual));
  const objectives = new Set(valued.flatMap(({ kept }) => Object.keys(kept.ticket)));
  // A style may call searches by several objectives alike, whose tickets have values of other ones.
  const counted = [...objectives].map((name) => ({
    name,
    ...oncePerSeed(valued.filter(({ kept }) => kept.ticket[name] !== undefined)),
  }));
  const comparison = {
    world,
    facts: [],
    tickets: counted.flatMap(({ name, once }) =>
      once.map(({ run, kept }) => ({
        label: run.series,
        density: run.config.density,
        seed: run.config.seed,
        values: { [name]: kept.ticket[name]! },
      })),
    ),
    dense: denseValues(
      // A run that counts as no second seed may have what the other one lacks.
      valued.flatMap(({ run, kept: { dense } }) => (dense ? [{ run, values: dense }] : [])),
    ),
  };
  const why = `of other images, backend, plugins or version than those drawn, ${made.images.toLocaleString('en')} images on ${made.backend}`;
  const paths = others.map(({ run }) => run.folder.path);
  const repeated = new Set(counted.flatMap(({ notes }) => notes));
  return { comparison, notes: [...leftOut(paths.map(valuesIn), why), ...repeated] };
}

const valuesIn = (path: string) => `values in ${path}`;

/** The same of values that runs have kept, finished ones or not. Throws NO_FIGURE, NO_RUNS, BAD_RUN, UNKNOWN_NAME of a setting. */
export async function keptComparisons(
  folders: readonly string[],
  where: readonly RunFilter[],
  style: FigureStyle | undefined,
): Promise<Comparisons> {
  const found = await findRuns(folders);
  const told = await someAtATime(found.runs, async ({ folder, config }) => ({
    folder,
    config,
    environments: await folder.readEnvironments(),
    all: (await keptObjectives(folder)).filter(hasTicket),
  }));
  const { runs, copies } = seriesRuns(told, where);
  const named = style ? joinSeries(runs, style) : runs;
  const having = named.filter(({ all }) => all.length > 0).map((run) => ({ run, all: run.all }));
  if (having.length === 0)
    throw noFigure('objectives', `no run in ${folders.join(', ')} has kept values of them`, HINT);
  const without = runs.filter((run) => run.all.length === 0 && !isDense(run));
  const worlds = [...groupBy(having, ({ run }) => run.world)];
  const made = worlds.map(([world, own]) => comparisonOf(world, own));
  return {
    comparisons: made.map(({ comparison }) => comparison),
    notes: [
      ...leftOut(
        found.foreign.map(({ path }) => path),
        UNREADABLE,
      ),
      ...leftOut(copies, COPY),
      ...leftOut(
        without.map(({ folder }) => folder.path),
        'without values of objectives',
      ),
      ...made.flatMap(({ notes }) => notes),
    ],
  };
}
