import type { EpochStream } from '@winnow/datasets';
import type { Dataset } from '@winnow/plugin-api';

/** What is told of a data set that was opened, to be read in batches. */
export function openedLine(
  { name, train, input }: Dataset,
  openSeconds: number,
  batchSize: number,
): string {
  const { height, width, channels } = input;
  return `${name}: ${train.length} training images of ${height}×${width}×${channels}, opened in ${openSeconds.toFixed(1)} s; batches of ${batchSize}`;
}

/** What an epoch of reading comes to. */
export function epochFacts({ images, seconds, residentMiB }: EpochStream) {
  return {
    imagesPerSecond: Math.round(images / seconds),
    residentMiB: Math.round(residentMiB),
  };
}

/** The same in a line; epochs are counted from 1. */
export function epochLine(
  epoch: number,
  { imagesPerSecond, residentMiB }: ReturnType<typeof epochFacts>,
): string {
  return `epoch ${epoch}: ${imagesPerSecond} images a second, ${residentMiB} MiB resident at its end`;
}
