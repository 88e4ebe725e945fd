import type { ImageShape } from '@winnow/plugin-api';

/** Writes one image [channels, height, width] at `from` of `source` as [height, width, channels] at `to` of `target`. */
export function toChannelsLast<T extends Uint8Array | Float32Array>(
  { height, width, channels }: ImageShape,
  source: T,
  from: number,
  target: T,
  to: number,
): void {
  const plane = height * width;
  for (let c = 0; c < channels; c++) {
    for (let p = 0, at = to + c; p < plane; p++, at += channels) target[at] = source[from++]!;
  }
}
