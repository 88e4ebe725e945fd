import { tensor1d, tensor4d } from '@tensorflow/tfjs-core';
import {
  type AugmentationDraws,
  type Batch,
  DRAWS_PER_IMAGE,
  type ImageBlock,
  type ImageShape,
  type RandomStream,
  WinnowError,
} from '@winnow/plugin-api';

/** The positions `start` to `end` (exclusive) of an order. */
export interface BatchRange {
  readonly start: number;
  readonly end: number;
}

/** The order in which an epoch visits a source's images. */
export function epochOrder(length: number, random: RandomStream, epoch: number): Int32Array {
  return random.permutation(length, epoch);
}

/** 0 … length − 1: the order in which evaluation visits a source's images. */
export function fileOrder(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}

/** Throws INVALID_OPTION. */
function checkBatchSize(batchSize: unknown): void {
  if (Number.isInteger(batchSize) && (batchSize as number) > 0) return;
  throw new WinnowError('INVALID_OPTION', `The batch size is ${String(batchSize)}.`, {
    hint: 'Give a whole number from 1.',
  });
}

function ranges(length: number, batchSize: number, count: number): BatchRange[] {
  return Array.from({ length: Math.max(1, count) }, (_, i) => ({
    start: i * batchSize,
    end: i < count - 1 ? (i + 1) * batchSize : length,
  }));
}

/**
 * An epoch's batches. The last may be smaller, but never one example alone, which has no batch statistics: it joins the batch
 * before. Throws INVALID_OPTION.
 */
export function trainingBatches(length: number, batchSize: number): BatchRange[] {
  checkBatchSize(batchSize);
  return ranges(length, batchSize, Math.ceil((length - 1) / batchSize));
}

/**
 * Batches that count every example once; a remainder joins the last full one, so that no batch has odd statistics. Throws
 * INVALID_OPTION.
 */
export function evaluationBatches(length: number, batchSize: number): BatchRange[] {
  checkBatchSize(batchSize);
  return ranges(length, batchSize, Math.floor(length / batchSize));
}

// More than any data set holds; 2^27 epochs still fit under 2^53.
const COUNTERS_PER_EPOCH = 2 ** 26;

/** Draws for reading `indices` that depend on the epoch and on each image's index, not on the batch it is in. */
export function augmentationDraws(
  random: RandomStream,
  epoch: number,
  indices: ArrayLike<number>,
): AugmentationDraws {
  return (position) =>
    random.uniforms(DRAWS_PER_IMAGE, epoch * COUNTERS_PER_EPOCH + indices[position]!);
}

/** Makes the tensors of a batch; the caller owns them. Throws BAD_DATA where images are of another size. */
export function toDevice(block: ImageBlock, { height, width, channels }: ImageShape): Batch {
  const count = block.labels.length;
  if (block.images.length !== count * height * width * channels) {
    throw new WinnowError(
      'BAD_DATA',
      `The images have ${block.images.length / count} numbers each, and the network takes ${height}×${width}×${channels}.`,
      { hint: 'Give images of its size, or a network that is built for theirs.' },
    );
  }
  return {
    images: tensor4d(block.images, [count, height, width, channels]),
    labels: tensor1d(block.labels, 'int32'),
  };
}
