import { basename, join, resolve } from 'node:path';
import { ABLATIONS, ABLATION_NAMES } from '@winnow/experiments';
import { densityKey, densityText, methodLabel } from '@winnow/report';
import type { PointsPanel, RowsPanel } from '@winnow/report/figures';
import * as z from 'zod';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { findRuns } from '../results/find-runs.ts';
import { accuracyAxis, chanceLevels, densityAxis } from './accuracy-figure.ts';
import { CHANCE, looksOf } from './figure-looks.ts';
import { type ToldFigure, densityName, noFigure, worldOf } from './figure-runs.ts';
import { UNREADABLE, leftOut } from '../results/left-out.ts';
import { startName } from '../results/run-facts.ts';
import { namesApart } from './names-apart.ts';
import { groupsAlong } from './sample-groups.ts';
import { writtenOutput } from './written-output.ts';

const accuracies = z.array(z.number());
const summary = z.object({
  format: z.literal(1),
  method: z.string(),
  objective: z.string().optional(),
  model: z.string(),
  dataset: z.string(),
  classes: z.number(),
  start: z.enum(['init', 'rewind']),
  rewindEpochs: z.number(),
  densities: z.array(
    z.object({
      density: z.number(),
      seeds: z.array(z.number()),
      accuracies,
      checks: z.array(
        z.object({ ablation: z.enum(ABLATION_NAMES), accuracies: accuracies.optional() }),
      ),
    }),
  ),
});

type Summary = z.output<typeof summary>;

interface Found {
  readonly check: Summary;
  /** The folder that the check is called by: its run's, or that of its `--out`. */
  readonly folder: string;
}

/**
 * Accuracies of tickets beside those of their ablations, as `winnow check` wrote them into these folders or into runs at or below
 * them, a panel a method. Throws NO_FIGURE, BAD_RUN, FILE_NOT_READABLE.
 */
export async function checksFigure(folders: readonly string[]): Promise<ToldFigure> {
  const found = new Map<string, Found>();
  const without: string[] = [];
  const unreadable = new Set<string>();
  for (const given of folders) {
    const { runs, foreign } = await findRuns([given]);
    for (const { path } of foreign) unreadable.add(path);
    const places = [
      { path: join(given, 'check.json'), folder: given },
      ...runs.map(({ folder }) => ({
        path: folder.file('checks/check.json'),
        folder: folder.path,
      })),
    ];
    const checks = await someAtATime(places, ({ path }) => writtenOutput(path, summary));
    if (checks.every((check) => check === undefined)) without.push(given);
    for (const [i, check] of checks.entries()) {
      const { path, folder } = places[i]!;
      if (check && !found.has(resolve(path))) found.set(resolve(path), { check, folder });
    }
  }
  if (found.size === 0) {
    const more = folders.length > 1 ? ` and ${folders.length - 1} more` : '';
    throw noFigure(
      'checks',
      `no check.json lies in ${folders[0]}${more}`,
      'Let `winnow check RUN` make it, and give the folder of that run, or that of its --out.',
    );
  }
  const all = [...found.values()];
  const names = namesApart(all.map(told));
  const panels = all.map(({ check }, i) => panelOf(check, names[i]!));
  return {
    about: `Sanity checks: ${names.join('; ')}`,
    panels,
    looks: looksOf(panels, [CHANCE]),
    notes: [...leftOut([...unreadable], UNREADABLE), ...leftOut(without, 'without a check')],
  };
}

function told({ check, folder }: Found) {
  const densities = check.densities.map(({ density }) => density);
  const [first, last] = [densities[0]!, densities.at(-1)!];
  const pruned = densityName(last);
  const range = densities.length > 1 ? `${densityText(first)} to ${pruned}` : pruned;
  return {
    name: `${methodLabel(check)}, ${worldOf(check)}`,
    facts: [range, startName(check), basename(resolve(folder)), folder],
  };
}

function panelOf({ densities, classes }: Summary, name: string): PointsPanel | RowsPanel {
  const samples = densities.flatMap(({ density, seeds, accuracies, checks }) => {
    const of = (series: string, values: readonly number[]) =>
      values.map((value, i) => ({ series, seed: seeds[i]!, x: densityKey(density), value }));
    return [
      ...of('ticket', accuracies),
      ...checks.flatMap(({ ablation, accuracies = [] }) =>
        of(ABLATIONS[ablation].done, accuracies),
      ),
    ];
  });
  return {
    kind: densities.length > 1 ? 'points' : 'rows',
    name,
    x: densityAxis(densities.map(({ density }) => densityKey(density))),
    y: accuracyAxis('test'),
    groups: groupsAlong(samples),
    levels: chanceLevels(1 / classes),
  };
}
