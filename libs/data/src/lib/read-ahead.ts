import type { AugmentationDraws, ImageBlock, ImageSource } from '@winnow/plugin-api';

/** What one step reads. */
export interface ReadRequest {
  readonly indices: ArrayLike<number>;
  readonly draws?: AugmentationDraws;
}

/**
 * Blocks that are being read while one is computed. Two, because a read may take two turns of the event loop, which
 * computing holds up: one to learn how large an image is and one to decode it.
 */
const AHEAD = 2;

/**
 * Reads in the order of `requests`, `AHEAD` blocks ahead of what is taken. Ends cleanly when the loop over it ends, whatever
 * is still being read.
 */
export async function* readAhead(
  source: ImageSource,
  requests: Iterable<ReadRequest>,
): AsyncGenerator<ImageBlock, void, void> {
  const waiting = requests[Symbol.iterator]();
  const reads: Promise<ImageBlock>[] = [];
  const start = () => {
    const next = waiting.next();
    if (next.done) return;
    const { indices, draws } = next.value;
    const read = (async () => source.read(indices, draws))();
    // It is reported when its turn comes, if it comes.
    read.catch(() => {});
    reads.push(read);
  };
  for (let i = 0; i < AHEAD; i++) start();
  for (let read = reads.shift(); read; read = reads.shift()) {
    const block = await read;
    start();
    yield block;
  }
}
