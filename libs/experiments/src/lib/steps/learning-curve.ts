import * as tf from '@tensorflow/tfjs-core';
import { type EpochDone, evaluate } from '@winnow/training';
import type { PhaseTools } from '../phase-runner.ts';
import type { OngoingRun } from './ongoing-run.ts';

/**
 * What a run does after an epoch of training that is to be on its learning curve: every so many, and the last. It draws
 * nothing and leaves the training as it is.
 */
export function learningCurve(
  { config, setting, network, packing }: OngoingRun,
  mask: Uint8Array | undefined,
  lastEpoch: number,
  { aside, validated }: PhaseTools,
): (done: EpochDone) => Promise<void> {
  const { validateEvery, recipe } = config;
  const { dataset, signal } = setting;
  return async ({ epochs, step, read }) => {
    if (validateEvery === undefined) return;
    if (epochs % validateEvery !== 0 && epochs !== lastEpoch) return;
    const parameters = packing.tensors(read());
    const { accuracy, loss } = await aside(() =>
      evaluate(network, parameters, dataset.validation, recipe.batchSize, { mask, signal }),
    ).finally(() => tf.dispose(parameters));
    validated({ step, epoch: epochs - 1, validationAccuracy: accuracy, validationLoss: loss });
  };
}
