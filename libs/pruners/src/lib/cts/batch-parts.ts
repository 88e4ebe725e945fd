import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '@winnow/plugin-api';

/** What a step sees at once: its batch, and those that its objective needs beside it. */
export interface Batches {
  readonly batch: Batch;
  readonly heldOut?: Batch | undefined;
  readonly next?: Batch | undefined;
}

/** Of a part: batch statistics take two. */
export const FEWEST_EXAMPLES = 2;

const lengthOf = ({ labels }: Batch) => labels.shape[0];

function part(batch: Batch, index: number, count: number): Batch {
  const [first, end] = [index, index + 1].map((i) => Math.floor((i * lengthOf(batch)) / count));
  const length = end! - first!;
  return {
    images: tf.slice(batch.images, [first!], [length]),
    labels: tf.slice(batch.labels, [first!], [length]),
  };
}

/**
 * So many parts in order, whose lengths differ by one example at most; fewer where a batch has not two examples for each.
 * Call it within a `tf.tidy`.
 */
export function batchParts({ batch, heldOut, next }: Batches, count: number): Batches[] {
  const all = [batch, heldOut, next].filter((one) => one !== undefined);
  const most = Math.min(...all.map((one) => Math.floor(lengthOf(one) / FEWEST_EXAMPLES)));
  const parts = Math.max(1, Math.min(count, most));
  if (parts === 1) return [{ batch, heldOut, next }];
  return Array.from({ length: parts }, (_, i) => ({
    batch: part(batch, i, parts),
    heldOut: heldOut && part(heldOut, i, parts),
    next: next && part(next, i, parts),
  }));
}
