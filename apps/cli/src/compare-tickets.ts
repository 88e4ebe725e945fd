import { existsSync } from 'node:fs';
import {
  type ObjectiveSetting,
  type ObjectiveValues,
  type RunConfig,
  haveSameStart,
  shareStart,
  tellRunsApart,
  ticketObjectives,
} from '@winnow/experiments';
import { writeWhole } from '@winnow/files';
import { readTicket } from '@winnow/tickets';
import { ManyRunsBar, SEARCH_ALONE } from './many-runs-bar.ts';
import { plainBar } from './plain-bar.ts';
import { type NamedRun, runFolders } from './run-folders.ts';
import { readStoredObjectives } from './stored-objectives.ts';

export interface SearchErrand {
  /** Files of the plugins that the searches need. */
  readonly plugins: readonly string[];
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly quiet: boolean;
}

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
  /** Of finding the ticket, from the start point. */
  readonly searchMinutes: number;
  readonly searchMultiplyAdds: number;
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
  readonly tickets: readonly ComparedTicket[];
  /** The network with all weights, at each start point. */
  readonly dense: readonly { readonly seed: number; readonly values: ObjectiveValues }[];
}

/** Finds the tickets of all runs; of those that start alike, the first makes the start for all. */
export async function findTickets(
  runs: readonly NamedRun[],
  { plugins, parallel, signal, quiet }: SearchErrand,
): Promise<void> {
  const bar = new ManyRunsBar('search', { count: runs.length, quiet, shares: SEARCH_ALONE });
  const errand = { until: 'ticket', plugins, parallel, signal, bar } as const;
  const leaders: NamedRun[] = [];
  const leaderOf = new Map<NamedRun, NamedRun>();
  for (const run of runs) {
    const leader =
      run.config.rewindEpochs > 0 &&
      leaders.find(({ config }) => haveSameStart(config, run.config));
    if (leader) leaderOf.set(run, leader);
    else leaders.push(run);
  }
  try {
    await runFolders(leaders, errand);
    for (const [run, leader] of leaderOf) {
      await run.folder.claim(run.config);
      if (!existsSync(run.folder.start)) await shareStart(leader.folder, run.folder);
    }
    await runFolders([...leaderOf.keys()], errand);
  } finally {
    bar.stop();
  }
}

/** What objectives make of the runs' tickets; a run keeps its values, and only missing ones are computed. */
export async function compareTickets(
  runs: readonly NamedRun[],
  setting: ObjectiveSetting,
  backend: string,
  quiet: boolean,
): Promise<Comparison> {
  const { objectives, images, dataset, registry } = setting;
  const plugins = registry.plugins.map(({ sha256 }) => sha256).sort();
  const { config: first } = runs[0]!;
  const labels = tellRunsApart(runs.map(({ config }) => config));
  const dense = new Map<string, Comparison['dense'][number]>();
  const tickets: ComparedTicket[] = [];
  const bar = plainBar('objectives', quiet);
  bar.start(runs.length, 0, { note: '' });
  try {
    for (const [i, { name, folder, config }] of runs.entries()) {
      bar.update({ note: name });
      const ticket = await readTicket(folder.ticket);
      const stored = await readStoredObjectives(folder, { images, backend, plugins });
      const values = async (of: 'ticket' | 'dense') => {
        const missing = objectives.filter((o) => stored[of]?.[o.name] === undefined);
        if (missing.length > 0) {
          const mask = of === 'ticket' ? ticket : undefined;
          const found = await ticketObjectives(folder, config, mask, {
            ...setting,
            objectives: missing,
          });
          stored[of] = { ...stored[of], ...found };
          await writeWhole(folder.file('objectives.json'), `${JSON.stringify(stored)}\n`);
        }
        return Object.fromEntries(objectives.map((o) => [o.name, stored[of]?.[o.name] ?? null]));
      };
      const { provenance, kept } = ticket;
      const { seed } = config;
      if (!dense.has(provenance.weightsHash))
        dense.set(provenance.weightsHash, { seed, values: await values('dense') });
      const own = provenance.objective === undefined ? {} : { objective: provenance.objective };
      tickets.push({
        label: labels[i]!,
        method: config.method,
        ...own,
        density: config.density,
        kept,
        seed,
        folder: folder.path,
        searchMinutes: (await folder.readTimings()).search / 60,
        searchMultiplyAdds: (await folder.readMultiplyAdds()).search ?? 0,
        values: await values('ticket'),
      });
      bar.increment();
    }
  } finally {
    bar.stop();
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
    tickets,
    dense: [...dense.values()],
  };
}
