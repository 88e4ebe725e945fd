import type { Checkpoints, ProgressReport } from '@winnow/plugin-api';
import { FileCheckpoints } from '@winnow/training';
import { MetricsLog } from './metrics-log.ts';
import type { Phase, RunFolder } from './run-folder.ts';

const CHECKPOINT_EVERY_MS = 20_000;

export interface RunProgress extends ProgressReport {
  readonly phase: Phase;
}

export interface PhaseTools {
  readonly checkpoints: Checkpoints;
  readonly progress: (report: ProgressReport) => void;
}

/** Runs a phase with its checkpoints, metrics and stopwatch, whose files are brought up to date with every checkpoint. */
export async function runPhase<T>(
  folder: RunFolder,
  phase: Phase,
  listener: (progress: RunProgress) => void,
  work: (tools: PhaseTools) => Promise<T>,
): Promise<{ readonly value: T; finish(): Promise<void> }> {
  const metrics = new MetricsLog(folder.metrics, phase);
  const before = (await folder.readTimings())[phase];
  const startedAt = performance.now();
  const settle = async () => {
    await metrics.flush();
    const seconds = before + (performance.now() - startedAt) / 1000;
    await folder.writeTimings({ ...(await folder.readTimings()), [phase]: seconds });
  };
  const checkpoints = new FileCheckpoints(folder.checkpoint(phase), CHECKPOINT_EVERY_MS, settle);
  const value = await work({
    checkpoints,
    progress(report) {
      metrics.add({ step: report.step, epoch: report.epoch, ...report.values });
      listener({ ...report, phase });
    },
  });
  await settle();
  return { value, finish: () => checkpoints.clear() };
}
