import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { randomStreams } from './random-streams.ts';
import { threefry } from './threefry.ts';

describe(threefry, () => {
  // Known answers: kat_vectors of Random123 1.14, "threefry2x32 20".
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x243f6a88, 0x85a308d3],
      [0x13198a2e, 0x03707344],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('enciphers %p under %p', ([first, high], [key0, key1], expected) => {
    const words = new Uint32Array(2);
    threefry(words, key0, key1, first, high);
    expect([...words]).toEqual([...expected]);
  });
});

describe(randomStreams, () => {
  const stream = randomStreams(7)('mask');

  it('draws the same uniforms into memory that is given', () => {
    const into = new Float32Array(7).fill(9);
    expect(stream.uniforms(7, 3, into)).toBe(into);
    expect(into).toEqual(stream.uniforms(7, 3));
  });

  it('draws uniforms strictly between 0 and 1, evenly', () => {
    const draws = stream.uniforms(200_000, 3);
    let sum = 0;
    let squares = 0;
    let inside = 0;
    for (const u of draws) {
      if (u > 0 && u < 1) inside++;
      sum += u;
      squares += u * u;
    }
    expect(inside).toBe(draws.length);
    // Five standard errors of the mean (1/2) and of the second moment (1/3).
    expect(Math.abs(sum / draws.length - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / draws.length));
    expect(Math.abs(squares / draws.length - 1 / 3)).toBeLessThan(
      5 * Math.sqrt(4 / 45 / draws.length),
    );
  });

  it('draws normals of mean 0 and variance 1', () => {
    const draws = stream.normals(100_001, 1);
    const mean = draws.reduce((s, x) => s + x, 0) / draws.length;
    const variance = draws.reduce((s, x) => s + x * x, 0) / draws.length;
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(draws.length));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / draws.length));
  });

  it('permutes', () => {
    const order = stream.permutation(1000, 0);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([...order]).not.toEqual([...stream.permutation(1000, 1)]);
  });

  it("has a key that is its name's SHA-256, enciphered under the seed", () => {
    const digest = createHash('sha256').update('naïve').digest();
    const key = new Uint32Array(2);
    threefry(key, 7, 1, digest.readUInt32LE(0), digest.readUInt32LE(4));
    const counted = new Uint32Array(2);
    threefry(counted, key[0]!, key[1]!, 0, 0);
    const words = new Uint32Array(2);
    threefry(words, counted[0]!, counted[1]!, 0, 5);
    expect([...randomStreams(7 + 2 ** 32)('naïve').uniforms(2, 5)]).toEqual(
      [...words].map((word) => ((word >>> 9) + 0.5) / 2 ** 23),
    );
  });

  it.each([0.5, NaN, -1, Infinity, 2 ** 53, undefined, '1'])('has none of the seed %p', (seed) => {
    expect(() => randomStreams(seed as number)).toThrow(
      new RangeError(`The seed ${seed} is no integer from 0 to 2⁵³ − 1.`),
    );
  });

  it('has those of the largest seed', () => {
    const uniforms = randomStreams(Number.MAX_SAFE_INTEGER)('a').uniforms(2, 0);
    expect(uniforms).not.toEqual(randomStreams(0)('a').uniforms(2, 0));
  });

  it('tells apart seeds, names and counters beyond 32 bits, and repeats itself', () => {
    const first = (seed: number, name: string, counter: number) =>
      randomStreams(seed)(name).uniforms(4, counter).join();
    const keys = [
      first(1, 'a', 0),
      first(2, 'a', 0),
      first(1 + 2 ** 32, 'a', 0),
      first(1, 'b', 0),
      first(1, 'a', 1),
      first(1, 'a', 2 ** 32),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(first(1, 'a', 0)).toBe(keys[0]);
  });
});
