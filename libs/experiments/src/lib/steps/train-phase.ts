import { type TrainingJob, train } from '@winnow/training';
import { runPhase } from '../phase-runner.ts';
import { learningCurve } from './learning-curve.ts';
import type { OngoingRun } from './ongoing-run.ts';

/** What a phase of training makes. */
const MADE_BY = { pretrain: 'start', train: 'weights' } as const;

/** Trains parameters in place, from an epoch of a recipe to before another, and keeps them. */
export async function trainPhase(
  run: OngoingRun,
  phase: keyof typeof MADE_BY,
  parameters: Float32Array,
  mask: Uint8Array | undefined,
  schedule: Pick<TrainingJob, 'recipe' | 'fromEpoch' | 'toEpoch'>,
): Promise<void> {
  const { folder, setting, network, packing, random } = run;
  const { finish } = await runPhase(folder, phase, setting, (tools) =>
    train({
      network,
      source: setting.dataset.train,
      random,
      parameters,
      mask,
      ...schedule,
      signal: setting.signal,
      checkpoints: tools.checkpoints,
      progress: tools.progress,
      ...(phase === 'train' && { afterEpoch: learningCurve(run, mask, schedule.toEpoch, tools) }),
    }),
  );
  await folder.writeTensors(MADE_BY[phase], packing.views(parameters));
  await finish();
}
