import { join } from 'node:path';
import {
  OptionPool,
  type OpenDataset,
  type RunConfig,
  RunFolder,
  type RunRequest,
  type RunResult,
  type RunSetting,
  type SearchResult,
  assertPluginsUnchanged,
  observeAll,
  planRun,
  reopenDataset,
  runExperiment,
  runSearch,
  startChosenBackend,
  writeRunReport,
} from '@winnow/experiments';
import type {
  Clock,
  ComponentRegistry,
  Dataset,
  GivenOptions,
  RunObserver,
} from '@winnow/plugin-api';
import type { Console } from '../terminal/console.ts';
import { oneLine } from '../terminal/one-line.ts';
import type { RecordedRun } from './load-plugins.ts';
import { versions } from './version.ts';

/** A run to begin: what is left out is as `winnow run` has it. */
export type RunWish = Pick<RunRequest, 'dataset'> & Partial<RunRequest>;

/** A run that can be carried out: its folder, and its data, which are open. */
export interface ReadyRun extends RecordedRun {
  readonly dataset: Dataset;
}

/** How far a run is carried out, and who watches. */
export interface RunErrand {
  readonly signal: AbortSignal;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds?: number;
  /** Names of observers that watch, beside those that watch every run. */
  readonly observe?: readonly string[];
  /** Of these observers. */
  readonly observerOptions?: GivenOptions;
  /** This one watches too. */
  readonly observer?: RunObserver;
}

/** Carries runs out in this process, one at a time. */
export interface Runner {
  /** Plans a run in a folder, by default one of its own name under runs/. Throws what `planRun` does, BACKEND_UNAVAILABLE. */
  plan(wish: RunWish, folder?: string): Promise<ReadyRun>;
  /** Makes a recorded run ready. Throws PLUGIN_CHANGED, BACKEND_UNAVAILABLE, and what `reopenDataset` does. */
  reopen(run: RecordedRun): Promise<ReadyRun>;
  /** Up to the ticket. Throws what `runSearch` does, and UNKNOWN_NAME of an observer. */
  search(run: ReadyRun, errand: RunErrand): Promise<SearchResult>;
  /** To the end, with `report.html`. Throws what `runExperiment` does, and UNKNOWN_NAME of an observer. */
  run(run: ReadyRun, errand: RunErrand): Promise<RunResult>;
}

const CHECKPOINT_SECONDS = 20;

const USUAL = {
  method: 'cts',
  model: 'resnet20',
  seed: 0,
  start: 'rewind',
  recipe: 'standard',
  options: {},
} as const;

export function makeRunner(
  registry: ComponentRegistry,
  console: Console,
  clock: Clock,
  openDataset: OpenDataset,
  always: RunObserver[],
): Runner {
  async function observers(run: ReadyRun, errand: RunErrand): Promise<RunObserver[]> {
    const { observe = [], observerOptions = {}, observer } = errand;
    const pool = new OptionPool(observerOptions);
    const chosen = observe.map((name) => {
      const descriptor = registry.get('observer', name);
      return { descriptor, options: pool.take(descriptor) };
    });
    if (chosen.length > 0) pool.assertAllTaken();
    const observed = { place: run.folder.path, config: { ...run.config } };
    const named = chosen.map(({ descriptor, options }) => descriptor.observe(observed, options));
    return [...always, ...(observer ? [observer] : []), ...(await Promise.all(named))];
  }

  async function carryOut<T>(
    run: ReadyRun,
    errand: RunErrand,
    work: (config: RunConfig, folder: RunFolder, setting: RunSetting) => Promise<T>,
  ): Promise<T> {
    const { dataset, config, folder } = run;
    const { signal, checkpointSeconds = CHECKPOINT_SECONDS } = errand;
    const observer = observeAll(await observers(run, errand), (problem) => {
      const message = problem instanceof Error ? problem.message : String(problem);
      console.notes.write(`note: ${oneLine(message)}\n`);
    });
    const setting = { registry, dataset, signal, clock, checkpointSeconds, observer };
    return work(config, folder, setting);
  }

  return {
    async plan(wish, place) {
      const recorded = place === undefined ? undefined : await new RunFolder(place).readConfig();
      const { backend: chosen = 'auto' } = wish;
      const backend = chosen === 'auto' && recorded ? recorded.backend : chosen;
      const request = {
        ...USUAL,
        ...wish,
        plugins: registry.plugins,
        backend: await startChosenBackend(backend, registry),
        versions: versions(),
      };
      const { config, dataset, name } = await planRun(request, registry, openDataset);
      return { config, dataset, folder: new RunFolder(place ?? join('runs', name)) };
    },
    async reopen(run) {
      assertPluginsUnchanged(run.config, registry.plugins, run.folder.path);
      await startChosenBackend(run.config.backend, registry);
      const dataset = await reopenDataset(run.config, registry, openDataset);
      return { ...run, config: { ...run.config, versions: versions() }, dataset };
    },
    search: (run, errand) => carryOut(run, errand, runSearch),
    async run(run, errand) {
      const { folder } = run;
      // Of a run that was finished before everything is there, maybe where nothing can be written.
      const told = (await folder.readResult()) && (await folder.store.has('report.html'));
      const result = await carryOut(run, errand, runExperiment);
      if (!told) await writeRunReport(folder, result);
      return result;
    },
  };
}
