import type { MetricsRow } from '@winnow/experiments';
import { densityKey, groupBy } from '@winnow/report';
import type { Axis, CurvesPanel, Target } from '@winnow/report/figures';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { looksOf } from './figure-looks.ts';
import {
  type FigureRun,
  type FigureRuns,
  type ToldFigure,
  densityName,
  isDense,
  noFigure,
  oncePerSeed,
  within,
  worldsOf,
} from './figure-runs.ts';
import { leftOut } from '../results/left-out.ts';
import { curvesOf } from './sample-groups.ts';

/** A number that runs note at their steps. */
type Quantity = Omit<Axis, 'unit'> & { readonly unit?: Axis['unit']; readonly target?: string };

const SEARCHED: readonly Quantity[] = [
  { column: 'objective', label: 'Objective', scale: 'auto' },
  {
    column: 'density',
    label: 'Expected density (%)',
    unit: 'percent',
    scale: 'log',
    target: 'targetDensity',
  },
  { column: 'lambda', label: 'λ', scale: 'auto' },
];

const LEARNED: readonly Quantity[] = [
  { column: 'loss', label: 'Training loss', scale: 'auto' },
  {
    column: 'validationAccuracy',
    label: 'Validation accuracy (%)',
    unit: 'percent',
    scale: 'linear',
  },
];

interface Stepped {
  readonly run: FigureRun;
  readonly rows: readonly MetricsRow[];
}

/** How searches went: objective, expected density with where it is to go, and λ, by step. Throws NO_FIGURE, and what reading steps does. */
export function searchFigure(runs: FigureRuns): Promise<ToldFigure> {
  return curvesFigure(runs, {
    kind: 'search',
    quantities: SEARCHED,
    step: 'Search step',
    missing: 'none of these runs has kept the steps of a search',
    hint: 'Give runs of `--method cts`; a study keeps their steps with `keep: [metrics]`.',
    shares: false,
  });
}

/** How networks learn under their tickets: training loss, and accuracy where it was measured on the way, by step. Throws likewise. */
export function learningFigure(runs: FigureRuns): Promise<ToldFigure> {
  return curvesFigure(runs, {
    kind: 'learning',
    quantities: LEARNED,
    step: 'Training step',
    missing: 'none of these runs has kept the steps of its training',
    hint: 'A study keeps them with `keep: [metrics]`; `--validate-every 1` measures accuracy on the way.',
    shares: true,
  });
}

interface Curves {
  readonly kind: 'search' | 'learning';
  readonly quantities: readonly Quantity[];
  readonly step: string;
  readonly missing: string;
  readonly hint: string;
  /** Whether what is dense is drawn with every density. */
  readonly shares: boolean;
}

async function curvesFigure(
  { runs }: FigureRuns,
  { kind, quantities, step, missing, hint, shares }: Curves,
): Promise<ToldFigure> {
  const phase = kind === 'search' ? 'search' : 'train';
  const candidates = shares ? runs : runs.filter((run) => !isDense(run));
  const all = await someAtATime(candidates, async (run): Promise<Stepped> => {
    const rows = (await run.folder.readMetrics()).filter((row) => row.phase === phase);
    if (kind === 'search') return { run, rows };
    // From a rewind point training goes on where the dense network was: at its epoch, by the steps of one.
    const { epoch: first = 0 } = rows[0] ?? {};
    const stepsAnEpoch = rows.findLast(({ epoch }) => epoch === first)?.step ?? 0;
    return { run, rows: rows.map((row) => ({ ...row, step: first * stepsAnEpoch + row.step })) };
  });
  const has = ({ rows }: Stepped, column: string) => rows.some((row) => column in row);
  const stepped = all.filter((one) => quantities.some(({ column }) => has(one, column)));
  if (stepped.length === 0) throw noFigure(kind, missing, hint);
  const { once, notes } = oncePerSeed(stepped);
  const worlds = worldsOf(stepped.map(({ run }) => run));
  const dense = new Set<string>();
  const panels = [...groupBy(once, ({ run }) => run.world)].flatMap(([world, own]) => {
    const compared = own.filter(({ run }) => isDense(run));
    for (const { run } of compared) dense.add(run.series);
    const pruned = own.filter(({ run }) => !isDense(run));
    const byDensity = groupBy(pruned.length > 0 ? pruned : compared, ({ run }) =>
      densityKey(run.result.density),
    );
    const densities = [...byDensity].sort(([a], [b]) => b - a);
    // A row a quantity, a column a density.
    return quantities.flatMap((quantity) =>
      densities.flatMap(([density, alike]): CurvesPanel[] => {
        const { column, target } = quantity;
        const drawn = pruned.length > 0 ? [...alike, ...compared] : alike;
        const having = drawn.filter((one) => has(one, column));
        if (having.length === 0) return [];
        const curves = [...groupBy(having, ({ run }) => run.series)].flatMap(([series, seeds]) =>
          curvesOf(
            series,
            seeds.map(({ run, rows }) => ({
              seed: run.config.seed,
              points: pointsIn(rows, column),
            })),
          ),
        );
        return [
          {
            kind: 'curves',
            row: `${world} ${column}`,
            name: within(world, worlds, densityName(density)),
            x: { label: step, column: 'step', unit: 'number', scale: 'linear' },
            y: { unit: 'number', ...quantity },
            curves,
            targets: target === undefined ? [] : targetsOf(having, target),
          },
        ];
      }),
    );
  });
  const having = new Set(stepped.map(({ run }) => run));
  const methods = new Set(stepped.map(({ run }) => run.config.method.name));
  // All runs train; of searches only some methods' have steps.
  const without = candidates.filter(
    (run) => !having.has(run) && (shares || methods.has(run.config.method.name)),
  );
  return {
    about: `${kind === 'search' ? 'Searches' : 'Training'} by step: ${[...worlds].join('; ')}`,
    panels,
    looks: looksOf(panels, [...dense]),
    notes: [
      ...leftOut(
        without.map(({ folder }) => folder.path),
        'without steps',
      ),
      ...notes,
    ],
  };
}

/** Where each series is to go at its end, once: ways to keep a density aim at different ones. */
function targetsOf(stepped: readonly Stepped[], column: string): Target[] {
  const targets = stepped.flatMap(({ run: { series }, rows }) =>
    pointsIn(rows, column)
      .slice(-1)
      .map(({ value }) => ({ series, value })),
  );
  return [
    ...new Map(targets.map((own) => [JSON.stringify([own.series, own.value]), own])).values(),
  ];
}

function pointsIn(rows: readonly MetricsRow[], column: string) {
  return rows.flatMap(({ step, [column]: value }) =>
    typeof value === 'number' && Number.isFinite(value) ? [{ x: step, value }] : [],
  );
}
