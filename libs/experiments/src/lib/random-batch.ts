import { toDevice } from '@winnow/data';
import type { Batch, Network, RandomStreams } from '@winnow/plugin-api';

/** As many as are drawn at most: to draw those of a thousand large images takes longer than to compute with them. */
const MOST_DRAWN = 2 ** 20;

/** Standard normals, over and over again where they are many. */
function normals(count: number, random: RandomStreams): Float32Array {
  const drawn = random('images').normals(Math.min(count, MOST_DRAWN), 0);
  if (count <= MOST_DRAWN) return drawn;
  return Float32Array.from({ length: count }, (_, i) => drawn[i % MOST_DRAWN]!);
}

/** A batch of standard normals with labels at random; the caller disposes it. */
export function randomBatch(
  { input, classes }: Pick<Network, 'input' | 'classes'>,
  batch: number,
  random: RandomStreams,
): Batch {
  const images = normals(batch * input.height * input.width * input.channels, random);
  const draws = random('labels').uniforms(batch, 0);
  return toDevice(
    { images, labels: Int32Array.from(draws, (u) => Math.floor(u * classes)) },
    input,
  );
}
