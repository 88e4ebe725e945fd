import { readAhead } from '@winnow/data';
import type { ImageSource, Normalization } from '@winnow/plugin-api';

/** Enough that a channel's mean is known to about 0.005 of the range of pixels. */
const SAMPLE = 1024;
const BLOCK = 64;

/** Indices spread evenly over 0 … length − 1, so many; all of them, where there are fewer. */
export function spreadSample(length: number, most = SAMPLE): number[] {
  const count = Math.min(length, most);
  return Array.from({ length: count }, (_, i) => Math.floor((i * length) / count));
}

/** Indices a block at a time, so that few images are in memory at once. */
export function blocksOf(indices: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: Math.ceil(indices.length / BLOCK) }, (_, i) =>
    indices.slice(i * BLOCK, (i + 1) * BLOCK),
  );
}

/** Channel means and standard deviations (the population's) of these images, in the units in which the source reads them. */
export async function statisticsOf(
  source: ImageSource,
  indices: readonly number[],
  channels: number,
): Promise<Normalization> {
  const sums = new Float64Array(channels);
  const squares = new Float64Array(channels);
  let count = 0;
  for await (const { images } of readAhead(
    source,
    blocksOf(indices).map((block) => ({ indices: block })),
  )) {
    for (let i = 0; i < images.length; i++) {
      sums[i % channels]! += images[i]!;
      squares[i % channels]! += images[i]! ** 2;
    }
    count += images.length / channels;
  }
  const mean = Array.from(sums, (sum) => sum / count);
  const std = mean.map((m, c) => Math.sqrt(Math.max(0, squares[c]! / count - m * m)));
  // A channel without contrast is centred only.
  return { mean, std: std.map((s) => s || 1) };
}
