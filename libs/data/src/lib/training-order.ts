import type { RandomStream } from '@winnow/plugin-api';
import { type BatchRange, augmentationDraws, epochOrder, trainingBatches } from './batches.ts';
import type { ReadRequest } from './read-ahead.ts';

/** Which images each step of shuffled training reads; a pure function of the step, but for a memory of the epoch. */
export class TrainingOrder {
  readonly stepsPerEpoch: number;
  readonly #length: number;
  readonly #batches: readonly BatchRange[];
  readonly #random: RandomStream;
  #epoch = -1;
  #order = new Int32Array();

  /** Throws INVALID_OPTION where the batch size is no whole number from 1. */
  constructor(length: number, batchSize: number, random: RandomStream) {
    this.#length = length;
    this.#batches = trainingBatches(length, batchSize);
    this.#random = random;
    this.stepsPerEpoch = this.#batches.length;
  }

  epochOf(step: number): number {
    return Math.floor(step / this.stepsPerEpoch);
  }

  indices(step: number): Int32Array {
    const epoch = this.epochOf(step);
    if (epoch !== this.#epoch) {
      this.#order = new Int32Array(epochOrder(this.#length, this.#random, epoch));
      this.#epoch = epoch;
    }
    const { start, end } = this.#batches[step % this.stepsPerEpoch]!;
    return this.#order.subarray(start, end);
  }

  /** What the steps from `first` to before `end` read; augmented where a stream to draw from is given. */
  *requests(first: number, end: number, augmentation?: RandomStream): Generator<ReadRequest> {
    for (let step = first; step < end; step++) {
      const indices = this.indices(step);
      if (!augmentation) yield { indices };
      else {
        yield { indices, draws: augmentationDraws(augmentation, this.epochOf(step), indices) };
      }
    }
  }
}
