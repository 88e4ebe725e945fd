import * as tf from '@tensorflow/tfjs-core';
import {
  INTERRUPTED,
  type ImageSource,
  type NamedTensors,
  type Network,
  WinnowError,
  nextTurn,
  ofPlugin,
} from '@winnow/plugin-api';
import { evaluationBatches, fileOrder, readAhead, toDevice } from '@winnow/data';
import { crossEntropy } from '@winnow/tensor-backend';
import { checkLabels } from './check-setting.ts';
import { inferenceOf } from './inference.ts';
import { LOWER_THE_RATE } from './lower-the-rate.ts';
import type { PassProgress } from './pass-progress.ts';

export interface Evaluation {
  /** Fraction of the examples whose largest logit is the label's. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  readonly examples: number;
}

export interface EvaluationOptions {
  /** See `ForwardOptions`. */
  readonly statistics?: NamedTensors;
  /** Of parameters that a ticket keeps; see `inferenceOf`. */
  readonly mask?: Uint8Array | undefined;
  /** Heeded between batches. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PassProgress) => void;
}

/**
 * Accuracy and loss over a whole source, in fixed order and in batches of the training size, since normalisation uses
 * the statistics of each batch unless `statistics` are given; a remainder joins the last full batch. Throws
 * INVALID_OPTION, WEIGHTS_MISMATCH, BAD_DATA, LOSS_NOT_FINITE; INTERRUPTED, and keeps nothing.
 */
export async function evaluate(
  network: Network,
  parameters: NamedTensors,
  source: ImageSource,
  batchSize: number,
  { statistics, mask, signal, onProgress }: EvaluationOptions = {},
): Promise<Evaluation> {
  checkLabels(source, network, 'evaluated');
  const order = fileOrder(source.length);
  let correct = 0;
  let loss = 0;
  const batches = evaluationBatches(source.length, batchSize).map(({ start, end }) => ({
    indices: order.subarray(start, end),
  }));
  let step = 0;
  const inference = inferenceOf(network, parameters, mask);
  try {
    for await (const block of readAhead(source, batches)) {
      if (signal?.aborted) {
        throw new WinnowError(
          INTERRUPTED,
          'Interrupted during an evaluation, of which nothing is kept.',
          { hint: 'Do the same again; what was saved before it stays.' },
        );
      }
      const batch = toDevice(block, network.input);
      tf.tidy(() => {
        const logits = inference.logits(batch.images, statistics);
        const hits = tf.equal(tf.argMax(logits, 1), batch.labels);
        correct += tf.sum(tf.cast(hits, 'float32')).dataSync()[0]!;
        loss += block.labels.length * crossEntropy(logits, batch.labels).dataSync()[0]!;
      });
      tf.dispose([batch.images, batch.labels]);
      onProgress?.({ step: ++step, steps: batches.length, images: block.labels.length });
      await nextTurn();
    }
  } finally {
    inference.dispose();
  }
  if (!Number.isFinite(loss)) {
    throw new WinnowError(
      'LOSS_NOT_FINITE',
      `The loss of ${network.name}${ofPlugin(network)}, trained, is ${loss}.`,
      { hint: LOWER_THE_RATE },
    );
  }
  return { accuracy: correct / source.length, loss: loss / source.length, examples: source.length };
}
