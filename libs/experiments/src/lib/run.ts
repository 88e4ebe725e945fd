import {
  DENSE,
  INTERRUPTED,
  type RunEnding,
  type RunObserver,
  WinnowError,
  isWinnowError,
} from '@winnow/plugin-api';
import { withinMemory } from './out-of-memory.ts';
import { prepareRun } from './prepare-run.ts';
import { recordEnvironment } from './record-environment.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { type RunResult, type SearchResult, searchResult } from './run-result.ts';
import { accuracies } from './steps/accuracies.ts';
import { keepSpeed } from './steps/keep-speed.ts';
import { type OngoingRun, type RunSetting, ongoingRun } from './steps/ongoing-run.ts';
import { record } from './steps/record.ts';
import { runTicket } from './steps/run-ticket.ts';
import { startPoint } from './steps/start-point.ts';
import { takeRoads } from './steps/take-roads.ts';
import { tellFinished } from './steps/tell-found.ts';
import { trainedWeights } from './steps/trained-weights.ts';

/** Lets whoever is to watch do so, until the work is done or fails. */
async function watched<T>(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
  work: (observer: RunObserver | undefined) => Promise<T>,
): Promise<T> {
  const noted = async () =>
    (await folder.readMetrics()).map(({ phase, step, epoch, ...values }) => ({
      ...{ phase, step, epoch },
      values: values as Readonly<Record<string, number>>,
    }));
  const place = folder.path;
  const observer = await setting.observe?.({ place, config: { ...config }, noted });
  let ending: RunEnding = 'finished';
  try {
    return await work(observer);
  } catch (error) {
    ending = isWinnowError(error) && error.code === INTERRUPTED ? 'interrupted' : 'failed';
    throw error;
  } finally {
    await observer?.close?.(ending);
  }
}

/** Why a run failed, as who carries out many runs leaves it in its folder: true until the run is gone on with. */
export const FAILURE = 'failure.json';

/** Takes the folder, and lets work go on there. Throws RUN_IN_USE while another process works in it. */
async function begin<T>(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
  work: (run: OngoingRun) => Promise<T>,
): Promise<T> {
  return folder.hold(async (held) => {
    const claimed = await held.claim(config);
    return watched(claimed, held, setting, async (observer) => {
      const run = ongoingRun(claimed, held, { ...setting, observer });
      await held.store.remove(FAILURE);
      const { backend = run.config.backend } = setting;
      const changed = await recordEnvironment({ ...run.config, backend }, held);
      if (changed) run.tell(changed);
      return withinMemory(config, () => work(run));
    });
  });
}

/** The run's own, where its folder is there already: what is done of it may lie where nothing can be written. */
async function claimedBefore(config: RunConfig, folder: RunFolder): Promise<RunConfig | undefined> {
  return (await folder.readConfig()) ? folder.claim(config) : undefined;
}

async function carryOut(run: OngoingRun): Promise<RunResult> {
  const start = await startPoint(run);
  const ticket = await runTicket(run, start);
  const roads = await takeRoads(run, ticket);
  const weights = await trainedWeights(run, start, ticket);
  await keepSpeed(run, start, ticket);
  const reached = await accuracies(run, start, ticket, weights);
  return record(run, ticket, roads, reached);
}

/**
 * Finds a ticket and trains it, in a folder: dense training up to the start point, the search, training under the ticket,
 * evaluation. A finished run returns its result; an interrupted one goes on, to the same bits as if it had never stopped.
 * What is refused is so before anything is written. Throws what its parts throw; RUN_IN_USE; INTERRUPTED once the signal fired and the state was saved.
 */
export async function runExperiment(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
): Promise<RunResult> {
  await withinMemory(config, () => prepareRun(config, folder, setting));
  const before = await claimedBefore(config, folder);
  const finished = before && (await folder.readResult());
  if (finished) {
    // Without a network, which may want a backend.
    return watched(before, folder, setting, async (observer) => {
      if (observer) await tellFinished(folder, finished, (event) => observer.on(event));
      return finished;
    });
  }
  return begin(config, folder, setting, async (run) => {
    // Another process may have finished it while this one waited for the folder.
    const other = await run.folder.readResult();
    if (other) {
      await tellFinished(run.folder, other, run.tell);
      return other;
    }
    const result = await carryOut(run);
    run.tell({ type: 'result', result });
    return result;
  });
}

/** The part of `runExperiment` that comes to the start point; of a run that has one nothing is done. Throws what its parts throw. */
export async function runStart(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
): Promise<void> {
  await withinMemory(config, () => prepareRun(config, folder, setting));
  const isMade = (await claimedBefore(config, folder)) && (await folder.has('start'));
  if (!isMade) await begin(config, folder, setting, async (run) => void (await startPoint(run)));
}

/**
 * The part of `runExperiment` that finds the ticket; a run that has one tells of it. Throws what its parts throw;
 * INVALID_OPTION for a dense run, which has none.
 */
export async function runSearch(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
): Promise<SearchResult> {
  if (config.method.name === DENSE) {
    throw new WinnowError('INVALID_OPTION', 'A dense run finds no ticket.', {
      hint: 'Choose a method that prunes and a density below 1.',
    });
  }
  await withinMemory(config, () => prepareRun(config, folder, setting));
  const search = async (run: OngoingRun): Promise<SearchResult> => {
    const ticket = await runTicket(run, await startPoint(run));
    return searchResult(run.config, run.folder, run.network, ticket!);
  };
  const before = await claimedBefore(config, folder);
  const isFound = before && (await folder.has('ticket')) && (await folder.has('start'));
  return isFound
    ? watched(before, folder, setting, (observer) =>
        search(ongoingRun(before, folder, { ...setting, observer })),
      )
    : begin(config, folder, setting, search);
}
