import { join } from 'node:path';
import { ABLATIONS, ABLATION_NAMES } from '@winnow/experiments';
import { densityKey, methodLabel } from '@winnow/report';
import type { PointsPanel, RowsPanel } from '@winnow/report/figures';
import * as z from 'zod';
import { someAtATime } from '../execute/some-at-a-time.ts';
import { findRuns } from '../results/find-runs.ts';
import { accuracyAxis, chanceLevel, densityAxis } from './accuracy-figure.ts';
import { CHANCE, looksOf } from './figure-looks.ts';
import { type ToldFigure, noFigure, worldOf } from './figure-runs.ts';
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

/**
 * Accuracies of tickets beside those of their ablations, as `winnow check` wrote them into these folders or into runs at or below
 * them, a panel a method. Throws NO_FIGURE, BAD_RUN, FILE_NOT_READABLE.
 */
export async function checksFigure(folders: readonly string[]): Promise<ToldFigure> {
  const panels: (PointsPanel | RowsPanel)[] = [];
  const { runs } = await findRuns(folders);
  const places = [
    ...folders.map((folder) => join(folder, 'check.json')),
    ...runs.map(({ folder }) => folder.file('checks/check.json')),
  ];
  for (const found of await someAtATime(places, (path) => writtenOutput(path, summary))) {
    if (!found) continue;
    const { densities, classes } = found;
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
    panels.push({
      kind: densities.length > 1 ? 'points' : 'rows',
      name: `${methodLabel(found)}, ${worldOf(found)}`,
      x: densityAxis(densities.map(({ density }) => densityKey(density))),
      y: accuracyAxis('test'),
      groups: groupsAlong(samples),
      levels: [chanceLevel(classes)],
    });
  }
  if (panels.length === 0) {
    const more = folders.length > 1 ? ` and ${folders.length - 1} more` : '';
    throw noFigure(
      'checks',
      `no check.json lies in ${folders[0]}${more}`,
      'Let `winnow check RUN` make it, and give the folder of that run, or that of its --out.',
    );
  }
  return {
    about: `Sanity checks: ${panels.map(({ name }) => name).join('; ')}`,
    panels,
    looks: looksOf(panels, [CHANCE]),
    notes: [],
  };
}
