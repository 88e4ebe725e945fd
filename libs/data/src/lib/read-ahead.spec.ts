import { describe, expect, it } from '@jest/globals';
import type { ImageBlock, ImageSource } from '@winnow/plugin-api';
import { readAhead } from './read-ahead.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Finishes reads in any order; index 13 cannot be read. */
function slowSource() {
  const started: number[] = [];
  const source: ImageSource = {
    length: 20,
    labels: new Int32Array(20),
    async read(indices): Promise<ImageBlock> {
      const index = indices[0]!;
      started.push(index);
      for (let turns = (index * 7) % 5; turns >= 0; turns--) await turn();
      if (index === 13) throw new Error('thirteen');
      return { images: Float32Array.of(index), labels: Int32Array.of(index) };
    },
  };
  return { source, started };
}

const requests = (...indices: number[]) => indices.map((index) => ({ indices: [index] }));

describe('readAhead', () => {
  it('gives blocks in order while the next two are read', async () => {
    const { source, started } = slowSource();
    const taken: number[] = [];
    for await (const { labels } of readAhead(source, requests(4, 1, 3, 0, 2))) {
      taken.push(labels[0]!);
      expect(started).toEqual([4, 1, 3, 0, 2].slice(0, taken.length + 2));
    }
    expect(taken).toEqual([4, 1, 3, 0, 2]);
  });

  it('passes the draws on', async () => {
    const draws = () => Float32Array.of(7);
    const read: unknown[] = [];
    const source: ImageSource = {
      ...slowSource().source,
      read: (...given) => {
        read.push(given);
        return Promise.resolve({ images: new Float32Array(), labels: new Int32Array() });
      },
    };
    await readAhead(source, [{ indices: [1], draws }]).next();
    expect(read).toEqual([[[1], draws]]);
  });

  it('fails when the turn of a bad read comes', async () => {
    const log: unknown[] = [];
    const { source } = slowSource();
    const reading = async () => {
      for await (const { labels } of readAhead(source, requests(1, 2, 13, 3))) {
        log.push(labels[0]);
        await turn();
      }
    };
    await expect(reading()).rejects.toThrow('thirteen');
    expect(log).toEqual([1, 2]);
  });

  it('ends quietly before a bad read that is under way', async () => {
    const { source, started } = slowSource();
    const blocks = readAhead(source, requests(1, 13, 3));
    await blocks.next();
    await blocks.return();
    for (let i = 0; i < 10; i++) await turn(); // an unhandled rejection would fail this test
    expect(started).toEqual([1, 13, 3]);
  });

  it('takes a source that throws at once', async () => {
    const source: ImageSource = {
      ...slowSource().source,
      read: () => {
        throw new RangeError('at once');
      },
    };
    await expect(readAhead(source, requests(1)).next()).rejects.toThrow('at once');
  });
});
