import { TrainingOrder, readAhead } from '@winnow/data';
import { type Clock, type Dataset, type RandomStreams, systemClock } from '@winnow/plugin-api';

export interface EpochStream {
  readonly images: number;
  readonly seconds: number;
  /** Resident memory of the process when the epoch ended, in MiB. */
  readonly residentMiB: number;
}

const MIB = 2 ** 20;

/** Reads a data set epoch by epoch as training does, shuffled and augmented, and computes nothing with it. */
export async function* streamEpochs(
  dataset: Dataset,
  { batchSize, epochs }: { batchSize: number; epochs: number },
  random: RandomStreams,
  clock: Clock = systemClock,
): AsyncGenerator<EpochStream, void, void> {
  const { train } = dataset;
  const order = new TrainingOrder(train.length, batchSize, random('shuffling'));
  for (let epoch = 0; epoch < epochs; epoch++) {
    const startedAt = clock();
    const [first, end] = [epoch, epoch + 1].map((e) => e * order.stepsPerEpoch) as [number, number];
    let images = 0;
    for await (const { labels } of readAhead(
      train,
      order.requests(first, end, random('augmentation')),
    )) {
      images += labels.length;
    }
    yield {
      images,
      seconds: (clock() - startedAt) / 1000,
      residentMiB: process.memoryUsage().rss / MIB,
    };
  }
}
