import * as tf from '@tensorflow/tfjs-core';
import { evaluationBatches } from '@winnow/data';
import type { ImageSource } from '@winnow/plugin-api';
import type { Ticket } from '@winnow/tickets';
import { type Evaluation, evaluate, parameterMask } from '@winnow/training';
import { runPhase } from '../phase-runner.ts';
import type { OngoingRun } from './ongoing-run.ts';

export interface Accuracies {
  /** Of the ticket at the start point, on the validation images. */
  readonly untrained: Evaluation;
  readonly validation: Evaluation;
  readonly test: Evaluation;
}

/** Evaluates what a run has trained. It keeps nothing on the way: once interrupted, it begins anew. */
export async function accuracies(
  run: OngoingRun,
  start: Float32Array,
  ticket: Ticket | undefined,
  weights: Float32Array,
): Promise<Accuracies> {
  const { config, folder, setting, network, packing } = run;
  const { batchSize } = config.recipe;
  const { validation, test } = setting.dataset;
  const mask = ticket && parameterMask(network, ticket.layers);
  const batches = ({ length }: ImageSource) => evaluationBatches(length, batchSize).length;
  const steps = 2 * batches(validation) + batches(test);
  let step = 0;
  const { value, finish } = await runPhase(folder, 'evaluate', setting, async ({ progress }) => {
    const of = (parameters: Float32Array, source: ImageSource) => {
      const tensors = packing.tensors(parameters);
      return evaluate(network, tensors, source, batchSize, {
        mask,
        signal: setting.signal,
        onProgress: ({ images }) =>
          progress({ step: ++step, steps, epoch: 0, epochs: 1, images, values: {} }),
      }).finally(() => tf.dispose(tensors));
    };
    return {
      untrained: await of(mask ? start.map((x, i) => (mask[i] ? x : 0)) : start, validation),
      validation: await of(weights, validation),
      test: await of(weights, test),
    };
  });
  await finish();
  return value;
}
