import {
  type ObjectiveSetting,
  type ObjectiveValues,
  type RunConfig,
  type SkippedObjective,
  recordComponent,
  ticketObjectives,
} from '@winnow/experiments';
import type { Objective } from '@winnow/plugin-api';
import type { NamedRun } from '../execute/named-run.ts';
import type { StudyListener } from '../execute/study-event.ts';
import { tellRunsApart } from '../results/tell-runs-apart.ts';
import { toldRuns } from '../results/told-run.ts';
import { differingVersions, versionNotes } from '../results/version-notes.ts';
import { optionNotes } from './objective-options.ts';
import {
  keepObjectives,
  readStoredObjectives,
  storedName,
  versionsOfValues,
} from './stored-objectives.ts';

/** What a ticket cost and what it reaches. */
export interface ComparedTicket {
  /** What tells its method from the others, options that differ included. */
  readonly label: string;
  readonly method: string;
  readonly objective?: string;
  readonly density: number;
  readonly kept: number;
  readonly seed: number;
  readonly folder: string;
  /** Where not all runs have had the same: "node 22.1.0". */
  readonly versions?: string;
  /** Of finding the ticket, from the start point. */
  readonly searchMinutes: number;
  /** Null where the run does not tell. */
  readonly searchMultiplyAdds: number | null;
  readonly values: ObjectiveValues;
}

/** `compare.json`. */
export interface Comparison {
  readonly model: string;
  readonly dataset: string;
  readonly start: RunConfig['start'];
  readonly rewindEpochs: number;
  readonly backend: string;
  readonly images: number;
  readonly batchSize: number;
  readonly trainImages: number;
  readonly objectives: readonly string[];
  /** As resolved. */
  readonly objectiveOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Objectives that do not go with the network, where none were named. */
  readonly skipped: readonly SkippedObjective[];
  /** Options of the objectives, and what not all runs are alike in beside what their labels tell. */
  readonly notes: readonly string[];
  readonly tickets: readonly ComparedTicket[];
  /** The network with all weights, at each start point. */
  readonly dense: readonly { readonly seed: number; readonly values: ObjectiveValues }[];
}

export interface CompareErrand {
  readonly backend: string;
  /** Of the software. */
  readonly versions: Readonly<Record<string, string>>;
  readonly skipped: readonly SkippedObjective[];
  readonly onEvent: StudyListener;
}

/** What objectives make of the runs' tickets; a run keeps its values, and only missing ones are computed. */
export async function compareTickets(
  runs: readonly NamedRun[],
  setting: ObjectiveSetting,
  { backend, versions: here, skipped, onEvent }: CompareErrand,
): Promise<Comparison> {
  const { objectives, images, dataset, registry } = setting;
  const plugins = registry.plugins.map(({ sha256 }) => sha256).sort();
  const madeBy = { images, backend, plugins, versions: versionsOfValues(here) };
  const { config: first } = runs[0]!;
  const told = await toldRuns(runs);
  const labels = tellRunsApart(told);
  const versions = differingVersions(told);
  const dense = new Map<string, Comparison['dense'][number]>();
  const tickets: ComparedTicket[] = [];
  onEvent({ type: 'task', task: 'objectives', runs: runs.length });
  for (const [i, { name, folder, config }] of runs.entries()) {
    const ticket = await folder.readTicket();
    const stored = await readStoredObjectives(folder, madeBy);
    const values = async (of: 'ticket' | 'dense') => {
      const known = (objective: Objective) => stored[of]?.[storedName(objective)];
      const missing = objectives.filter((objective) => known(objective) === undefined);
      if (missing.length > 0) {
        const mask = of === 'ticket' ? ticket : undefined;
        const found = await ticketObjectives(folder, config, mask, {
          ...setting,
          objectives: missing,
        });
        const named = missing.map((one) => [storedName(one), found[one.name] ?? null] as const);
        stored[of] = { ...stored[of], ...Object.fromEntries(named) };
        await keepObjectives(folder, stored);
      }
      return Object.fromEntries(objectives.map((one) => [one.name, known(one) ?? null]));
    };
    const { provenance, kept } = ticket;
    const { seed } = config;
    if (!dense.has(provenance.weightsHash))
      dense.set(provenance.weightsHash, { seed, values: await values('dense') });
    const own = provenance.objective === undefined ? {} : { objective: provenance.objective };
    tickets.push({
      label: labels[i]!,
      method: config.method.name,
      ...own,
      density: config.density,
      kept,
      seed,
      folder: folder.path,
      ...(versions && { versions: versions[i]! }),
      searchMinutes: (await folder.readTimings()).search / 60,
      searchMultiplyAdds: (await folder.readMultiplyAdds()).search ?? null,
      values: await values('ticket'),
    });
    onEvent({ type: 'done', run: name });
  }
  return {
    model: first.model.name,
    dataset: first.dataset.name,
    start: first.start,
    rewindEpochs: first.rewindEpochs,
    backend,
    images,
    batchSize: first.recipe.batchSize,
    trainImages: dataset.train.length,
    objectives: objectives.map(({ name }) => name),
    objectiveOptions: Object.fromEntries(
      objectives.map((one) => [one.name, recordComponent(one, one.given).options]),
    ),
    skipped,
    notes: [...optionNotes(objectives, runs, labels), ...versionNotes(told, labels)],
    tickets,
    dense: [...dense.values()],
  };
}
