import { WinnowError } from '@winnow/plugin-api';
import { prepareRun } from './prepare-run.ts';
import { DENSE, type RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { type RunResult, type SearchResult, searchResult } from './run-result.ts';
import { accuracies } from './steps/accuracies.ts';
import { type OngoingRun, type RunSetting, ongoingRun } from './steps/ongoing-run.ts';
import { record } from './steps/record.ts';
import { runTicket } from './steps/run-ticket.ts';
import { startPoint } from './steps/start-point.ts';
import { trainedWeights } from './steps/trained-weights.ts';

/**
 * Refuses what cannot be run before anything is written, and takes the folder; then whoever is to watch does, until the
 * work is done or fails.
 */
async function begin<T>(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
  work: (run: OngoingRun) => Promise<T>,
): Promise<T> {
  await prepareRun(config, folder, setting);
  const claimed = await folder.claim(config);
  const observer = await setting.observe?.({ place: folder.path, config: { ...claimed } });
  try {
    return await work(ongoingRun(claimed, folder, { ...setting, observer }));
  } finally {
    await observer?.close?.();
  }
}

async function carryOut(run: OngoingRun): Promise<RunResult> {
  const start = await startPoint(run);
  const ticket = await runTicket(run, start);
  const weights = await trainedWeights(run, start, ticket);
  const reached = await accuracies(run, start, ticket, weights);
  return record(run, ticket, reached);
}

/**
 * Finds a ticket and trains it, in a folder: dense training up to the start point, the search, training under the ticket,
 * evaluation. A finished run returns its result; an interrupted one goes on, to the same bits as if it had never stopped.
 * Throws what its parts throw; INTERRUPTED once the signal fired and the state was saved.
 */
export async function runExperiment(
  config: RunConfig,
  folder: RunFolder,
  setting: RunSetting,
): Promise<RunResult> {
  return begin(config, folder, setting, async (run) => {
    const result = (await folder.readResult()) ?? (await carryOut(run));
    run.tell({ type: 'result', result });
    return result;
  });
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
  return begin(config, folder, setting, async (run) => {
    const ticket = await runTicket(run, await startPoint(run));
    return searchResult(run.config, folder, ticket!);
  });
}
