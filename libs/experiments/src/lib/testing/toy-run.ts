import objectives from '@winnow/objectives';
import {
  ComponentRegistry,
  INTERRUPTED,
  type RunEvent,
  type RunObserver,
  isWinnowError,
} from '@winnow/plugin-api';
import pruners from '@winnow/pruners';
import { given } from '@winnow/pruners/files';
import { type RunPlan, type RunRequest, planRun } from '../plan-run.ts';
import type { RunFolder } from '../run-folder.ts';
import type { RunResult } from '../run-result.ts';
import { runExperiment } from '../run.ts';
import { toyData, toyModel } from './toy-components.ts';

export const TOYS = new ComponentRegistry([
  toyData,
  toyModel,
  given,
  ...[objectives, pruners].flatMap(({ components }) => components),
]);

/** Of four steps an epoch, and evaluated in three batches. */
export function planToy(request: Partial<RunRequest>): Promise<RunPlan> {
  return planRun(
    {
      method: 'cts',
      model: 'toy-model',
      dataset: 'toy-data',
      density: 0.5,
      seed: 1,
      start: 'init',
      batchSize: 4,
      recipe: 'standard',
      options: {},
      backend: 'cpu',
      versions: {},
      ...request,
    },
    TOYS,
  );
}

/** Time that passes when it is told to, in milliseconds. */
export class ManualClock {
  now = 0;
  readonly read = () => this.now;
}

export interface ToyAttempt {
  /** Steps after which the run is interrupted. */
  readonly stopAfter?: number;
  /** What the clock goes on by with every step. */
  readonly stepMs?: number;
  readonly checkpointSeconds?: number;
  readonly clock?: ManualClock;
  readonly observer?: RunObserver;
}

/** One start of a run, which ends with its result, or with nothing where it was interrupted. */
export async function attemptToy(
  { config, dataset }: RunPlan,
  folder: RunFolder,
  { stopAfter = Infinity, stepMs = 1000, clock = new ManualClock(), ...attempt }: ToyAttempt = {},
): Promise<{ readonly result: RunResult | undefined; readonly events: readonly RunEvent[] }> {
  const { checkpointSeconds = 1e6, observer } = attempt;
  const controller = new AbortController();
  const events: RunEvent[] = [];
  let steps = 0;
  const watch: RunObserver = {
    on(event) {
      // As it would arrive in another process.
      events.push(JSON.parse(JSON.stringify(event)) as RunEvent);
      observer?.on(event);
      if (event.type !== 'step') return;
      clock.now += stepMs;
      if (++steps === stopAfter) controller.abort();
    },
    close: async (ending) => observer?.close?.(ending),
  };
  try {
    const result = await runExperiment(config, folder, {
      registry: TOYS,
      dataset,
      signal: controller.signal,
      checkpointSeconds,
      clock: clock.read,
      peakMemory: () => ({ bytes: 1e8, deviceBytes: 1e6 }),
      observe: () => Promise.resolve(watch),
    });
    return { result, events };
  } catch (error) {
    if (isWinnowError(error) && error.code === INTERRUPTED) return { result: undefined, events };
    throw error;
  }
}
