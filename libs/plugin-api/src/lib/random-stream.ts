/**
 * Random numbers as a pure function of (seed, stream name, counter, index): nothing is consumed,
 * so an interrupted run draws the same numbers again.
 */
export interface RandomStream {
  /**
   * `count` draws from U(0,1), each (k + ½)/2²³ and so never 0 nor 1 in float32; put into `into` [count], where that is
   * given, as fresh memory takes longer than many draws.
   */
  uniforms(count: number, counter: number, into?: Float32Array): Float32Array;
  /** `count` draws from N(0,1). */
  normals(count: number, counter: number): Float32Array;
  /** A random order of 0 … count − 1. */
  permutation(count: number, counter: number): Int32Array;
}

/** The streams of one seed, by name; a change in what one draws leaves the others alone. */
export type RandomStreams = (name: string) => RandomStream;
