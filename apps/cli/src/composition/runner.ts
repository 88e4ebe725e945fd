import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  OptionPool,
  type OpenDataset,
  type RunConfig,
  RunFolder,
  type RunRequest,
  type RunResult,
  type RunSetting,
  type RunStore,
  type SearchResult,
  USUAL_RUN,
  type Watcher,
  assertPluginsUnchanged,
  planRun,
  reopenDataset,
  runExperiment,
  runSearch,
  runStart,
  startChosenBackend,
  watchRun,
  writeRunReport,
} from '@winnow/experiments';
import {
  type Clock,
  type ComponentRegistry,
  type Dataset,
  type GivenOptions,
  parseOptions,
} from '@winnow/plugin-api';
import { forgetDeviceBytes, mostDeviceBytes } from '@winnow/tensor-backend';
import { engineInUse } from '@winnow/tensor-backend/node';
import { type Console, note } from '../terminal/console.ts';
import type { Interruption } from '../terminal/interruption.ts';
import { peakMemoryBytes } from '../terminal/peak-memory.ts';
import { fittingLines } from '../terminal/tell-import.ts';
import type { RecordedRun } from './load-plugins.ts';
import { inTurn } from './turn.ts';
import { versions } from './version.ts';

/** A run to begin: what is left out is as `winnow run` has it. */
export type RunWish = Pick<RunRequest, 'dataset'> & Partial<Omit<RunRequest, 'versions'>>;

/** A run that can be carried out: its folder, and its data, which are open. */
export interface ReadyRun extends RecordedRun {
  readonly dataset: Dataset;
}

/** How a run is carried out, and who watches. */
export interface RunErrand {
  /** Stops it; what the service `interruption` gives when left out. */
  readonly signal?: AbortSignal;
  /** Seconds between checkpoints; 20 when left out. */
  readonly checkpointSeconds?: number | undefined;
  /** What computes from here on; the backend that the run was planned for when left out. */
  readonly backend?: string | undefined;
  /** Names of observers that watch, beside those that watch every run. */
  readonly observe?: readonly string[];
  /** Of these observers. */
  readonly observerOptions?: GivenOptions;
  /** This one watches too. */
  readonly watcher?: Watcher | undefined;
}

/** Carries runs out in this process: what is asked for waits until what was asked for before is done. */
export interface Runner {
  /**
   * Plans a run in a folder or another store, by default a folder of its own name under runs/. Throws what `planRun` does,
   * and BACKEND_UNAVAILABLE.
   */
  plan(wish: RunWish, place?: string | RunStore): Promise<ReadyRun>;
  /** Makes a recorded run ready. Throws PLUGIN_CHANGED, and what `reopenDataset` does. */
  reopen(run: RecordedRun): Promise<ReadyRun>;
  /** Up to the start point. Throws what `runStart` does, and as `search` does. */
  start(run: ReadyRun, errand?: RunErrand): Promise<void>;
  /** Up to the ticket. Throws what `runSearch` does, and UNKNOWN_NAME and INVALID_OPTION of an observer. */
  search(run: ReadyRun, errand?: RunErrand): Promise<SearchResult>;
  /** To the end, with `report.html`. Throws as `search` does. */
  run(run: ReadyRun, errand?: RunErrand): Promise<RunResult>;
}

const CHECKPOINT_SECONDS = 20;

export function makeRunner(
  registry: ComponentRegistry,
  console: Console,
  clock: Clock,
  interruption: Interruption,
  openDataset: OpenDataset,
  unmeasured: readonly string[],
  always: Watcher[],
): Runner {
  /** Those that watch, whose names and options are right. */
  function watchersOf({ observe = [], observerOptions = {}, watcher }: RunErrand): Watcher[] {
    const pool = new OptionPool(observerOptions);
    const named = [...new Set(observe)].map((name): Watcher => {
      const descriptor = registry.get('observer', name);
      const options = pool.take(descriptor);
      parseOptions(descriptor.options, options, `observer "${name}"`);
      return (run) => descriptor.observe(run, options);
    });
    pool.assertAllTaken();
    return [...always, ...(watcher ? [watcher] : []), ...named];
  }

  const told = new Set<string>();
  /** Once, that `auto` has left out what may be faster. */
  function tellUnmeasured(taken: string): void {
    if (unmeasured.length === 0 || told.has('auto')) return;
    told.add('auto');
    note(
      console,
      `auto takes ${taken}; installed, but never measured here: ${unmeasured.join(', ')} (winnow doctor --measure)`,
    );
  }

  /** Once, that a backend that could compute on a device does not. */
  async function tellSoftware(backend: string): Promise<void> {
    const [device] = (await registry.get('backend', backend).devices?.()) ?? [];
    if (!device?.software || told.has(backend)) return;
    told.add(backend);
    note(
      console,
      `backend "${backend}" computes on ${device.name}, a driver in software: native is faster`,
    );
  }

  /** Once, that its threads will wait for one another. */
  function tellThreads(): void {
    const [threads, cores] = [engineInUse()?.threads ?? 0, availableParallelism()];
    if (threads <= cores || told.has('threads')) return;
    told.add('threads');
    note(
      console,
      `WINNOW_THREADS is ${threads}, and the processor runs ${cores} at a time: more only slow each other down`,
    );
  }

  /** Starts it, also where another run has started another one since, and says which it is. */
  async function started(chosen: string): Promise<string> {
    const backend = await startChosenBackend(chosen, registry);
    await tellSoftware(backend);
    tellThreads();
    forgetDeviceBytes();
    return backend;
  }

  /** Where there is nothing to compute, a backend need not be there, but one that is named must be one. */
  const known = (name: string) => (name === 'auto' ? name : registry.get('backend', name).name);

  async function carryOut<T>(
    { config, folder, dataset }: ReadyRun,
    errand: RunErrand,
    work: (config: RunConfig, folder: RunFolder, setting: RunSetting) => Promise<T>,
    isFinished = false,
  ): Promise<T> {
    const watchers = watchersOf(errand);
    const { checkpointSeconds = CHECKPOINT_SECONDS, backend: chosen = config.backend } = errand;
    const observe: RunSetting['observe'] = (run) =>
      watchRun(run, watchers, (error) => note(console, error));
    const stoppable = async (signal: AbortSignal) => {
      const backend = isFinished ? known(chosen) : await started(chosen);
      const setting = {
        ...{ registry, dataset, signal, clock, checkpointSeconds, observe, backend },
        peakMemory: () => ({ bytes: peakMemoryBytes(), deviceBytes: mostDeviceBytes() }),
      };
      return work(config, folder, setting);
    };
    const { signal } = errand;
    return inTurn(() => (signal ? stoppable(signal) : interruption(stoppable)));
  }

  return {
    plan: (wish, place) =>
      inTurn(async () => {
        const recorded = place === undefined ? undefined : await new RunFolder(place).readConfig();
        const { backend: chosen = 'auto' } = wish;
        const backend = chosen === 'auto' && recorded ? recorded.backend : chosen;
        const started = await startChosenBackend(backend, registry);
        if (backend === 'auto') tellUnmeasured(started);
        const request = {
          ...USUAL_RUN,
          ...wish,
          backend: started,
          versions: versions(),
        };
        const { config, dataset, name, imported } = await planRun(request, registry, openDataset);
        const fitted = imported ? fittingLines(imported) : [];
        if (fitted.length > 0) note(console, `${wish.startWeights}: ${fitted.join('; ')}`);
        return { config, dataset, folder: new RunFolder(place ?? join('runs', name)) };
      }),
    async reopen(run) {
      assertPluginsUnchanged(run.config, registry.plugins, run.folder.path);
      const dataset = await reopenDataset(run.config, registry, openDataset);
      return { ...run, config: { ...run.config, versions: versions() }, dataset };
    },
    start: (run, errand = {}) => carryOut(run, errand, runStart),
    search: (run, errand = {}) => carryOut(run, errand, runSearch),
    run: async (run, errand = {}) => {
      const { folder } = run;
      // Of a run that was finished before everything is there, maybe where nothing can be written.
      const isFinished = (await folder.readResult()) !== undefined;
      const isTold = isFinished && (await folder.store.has('report.html'));
      const result = await carryOut(run, errand, runExperiment, isFinished);
      if (!isTold) await writeRunReport(folder, result, registry);
      return result;
    },
  };
}
