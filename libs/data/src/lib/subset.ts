import type { ImageSource } from '@winnow/plugin-api';

/** The images at `chosen` of a source, in that order; a view that copies no pixels. */
export function subset(source: ImageSource, chosen: Int32Array): ImageSource {
  return {
    length: chosen.length,
    labels: chosen.map((index) => source.labels[index]!),
    read: (indices, draws) =>
      source.read(
        Int32Array.from(indices, (index) => chosen[index] ?? -1),
        draws,
      ),
  };
}
