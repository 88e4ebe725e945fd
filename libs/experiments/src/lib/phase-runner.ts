import { type Checkpoints, type ProgressReport, WinnowError } from '@winnow/plugin-api';
import { FileCheckpoints } from '@winnow/training/files';
import { countedCheckpoints } from './counted-checkpoints.ts';
import { MetricsLog } from './metrics-log.ts';
import type { Phase } from './phase.ts';
import type { RunFolder } from './run-folder.ts';

export interface RunProgress extends ProgressReport {
  readonly phase: Phase;
}

export interface PhaseSetting {
  readonly onProgress: (progress: RunProgress) => void;
  /** Seconds between checkpoints. */
  readonly checkpointSeconds: number;
}

export interface PhaseTools {
  readonly checkpoints: Checkpoints;
  readonly progress: (report: ProgressReport) => void;
}

/** Runs a phase with its checkpoints, metrics, stopwatch and count of multiply-adds, whose files are brought up to date with every checkpoint. */
export async function runPhase<T>(
  folder: RunFolder,
  phase: Phase,
  { onProgress, checkpointSeconds }: PhaseSetting,
  work: (tools: PhaseTools) => Promise<T>,
): Promise<{ readonly value: T; finish: () => Promise<void> }> {
  const metrics = new MetricsLog(folder.metrics, phase);
  const writeSeconds = async (seconds: number) =>
    folder.writeTimings({ ...(await folder.readTimings()), [phase]: seconds });
  const file = new FileCheckpoints(folder.checkpoint(phase), 1000 * checkpointSeconds);
  const { checkpoints, cost } = await countedCheckpoints({
    load: () => file.load(),
    due: () => file.due(),
    async save(state) {
      // What else must be as new as the checkpoint comes first.
      await metrics.flush();
      await file.save(state);
      await writeSeconds(state.values['seconds'] as number);
    },
  });
  const value = await work({
    checkpoints,
    progress(report) {
      metrics.add({ step: report.step, epoch: report.epoch, ...report.values });
      onProgress({ ...report, phase });
    },
  }).catch((error: unknown) => {
    // WebAssembly says no more than this when its memory, at most 4 GiB, is full.
    if (!(error instanceof Error) || error.constructor.name !== 'RuntimeError') throw error;
    throw new WinnowError('OUT_OF_MEMORY', `The wasm backend broke off in phase "${phase}".`, {
      hint: 'Its memory is most likely full: lower --batch-size.',
      cause: error,
    });
  });
  await metrics.flush();
  await writeSeconds(cost.seconds());
  await folder.writeMultiplyAdds(phase, cost.multiplyAdds());
  return { value, finish: () => file.clear() };
}
