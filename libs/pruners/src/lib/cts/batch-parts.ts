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

/** Of a batch that goes with another's parts; whole with each, where it is too small for them. */
const companion = (batch: Batch | undefined, index: number, count: number) =>
  batch && lengthOf(batch) >= count * FEWEST_EXAMPLES ? part(batch, index, count) : batch;

/**
 * So many parts in order, whose lengths differ by one example at most; fewer of a last batch that has not two examples for
 * each. Call it within a `tf.tidy`.
 */
export function batchParts({ batch, heldOut, next }: Batches, count: number): Batches[] {
  const parts = Math.max(1, Math.min(count, Math.floor(lengthOf(batch) / FEWEST_EXAMPLES)));
  if (parts === 1) return [{ batch, heldOut, next }];
  return Array.from({ length: parts }, (_, i) => ({
    batch: part(batch, i, parts),
    heldOut: companion(heldOut, i, parts),
    next: companion(next, i, parts),
  }));
}
