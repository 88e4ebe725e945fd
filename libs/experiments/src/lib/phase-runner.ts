import {
  type Checkpoints,
  type Clock,
  type ProgressReport,
  type RunObserver,
  type RunPhase,
  systemClock,
} from '@winnow/plugin-api';
import { StoredCheckpoints } from '@winnow/training';
import { type Cost, countedCheckpoints } from './counted-checkpoints.ts';
import { MetricsLog, type Validation } from './metrics-log.ts';
import type { PeakMemory } from './peak-memory.ts';
import type { RunFolder } from './run-folder.ts';

export interface PhaseSetting {
  /** Told of what happens. */
  readonly observer?: RunObserver | undefined;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds: number;
  /** What they are counted by, and the seconds of each phase; the system's when left out. */
  readonly clock?: Clock | undefined;
  /** That of this process so far; not recorded when left out. */
  readonly peakMemory?: (() => PeakMemory) | undefined;
}

export interface PhaseTools {
  readonly checkpoints: Checkpoints;
  /** So far. */
  readonly cost: Cost;
  readonly progress: (report: ProgressReport) => void;
  /** Does what is not of the phase's seconds and multiply-adds. */
  readonly aside: <T>(other: () => Promise<T>) => Promise<T>;
  /** Notes what the network is worth after a step. */
  readonly validated: (validation: Validation) => void;
}

/** Runs a phase with its checkpoints, metrics, stopwatch and count of multiply-adds, whose files are brought up to date with every checkpoint. */
export async function runPhase<T>(
  folder: RunFolder,
  phase: RunPhase,
  { observer, checkpointSeconds, clock = systemClock, peakMemory }: PhaseSetting,
  work: (tools: PhaseTools) => Promise<T>,
): Promise<{ readonly value: T; finish: () => Promise<void> }> {
  observer?.on({ type: 'phase', phase });
  // A batch of an evaluation has no numbers of its own.
  const metrics =
    phase === 'evaluate' ? undefined : new MetricsLog(folder.store, await folder.identity(), phase);
  const writeCost = async (seconds: number) => {
    await folder.writeTimings({ ...(await folder.readTimings()), [phase]: seconds });
    if (peakMemory) await folder.raisePeakMemory(peakMemory());
  };
  const stored = new StoredCheckpoints(folder.checkpoint(phase), 1000 * checkpointSeconds, clock);
  let last: ProgressReport | undefined;
  const store: Checkpoints = {
    load: () => stored.load(),
    due: () => stored.due(),
    async save(state) {
      // What else must be as new as the checkpoint comes first.
      await metrics?.flush();
      await stored.save(state);
      await writeCost(state.values['seconds'] as number);
      if (last) {
        const { step, steps, epoch, epochs } = last;
        await folder.writeProgress({ phase, step, steps, epoch, epochs });
      }
    },
  };
  const { checkpoints, cost } = await countedCheckpoints(store, clock);
  const value = await work({
    checkpoints,
    cost,
    progress(report) {
      last = report;
      metrics?.add({ step: report.step, epoch: report.epoch, ...report.values });
      observer?.on({ type: 'step', phase, ...report });
    },
    aside: cost.aside,
    validated(validation) {
      metrics?.add(validation);
      observer?.on({ type: 'validation', phase, ...validation });
    },
  });
  await metrics?.flush();
  await writeCost(cost.seconds());
  await folder.writeMultiplyAdds(phase, cost.multiplyAdds());
  const finish = async () => {
    await stored.clear();
    await folder.removeProgress();
  };
  return { value, finish };
}
