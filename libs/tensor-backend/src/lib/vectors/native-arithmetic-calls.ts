import type { Signatures } from '../native/signature.ts';

/** A stream of Threefry from the counters (first, high) on. */
const counters = { key0: 'integer', key1: 'integer', first: 'integer', high: 'integer' } as const;

/** On arrays of `n` numbers; what each does is told in `Vectors`. */
export const arithmeticCalls = {
  sgd: {
    parameters: 'Float32Array',
    gradient: 'Float32Array',
    velocity: 'Float32Array',
    mask: 'Uint8Array?',
    n: 'integer',
    factor: 'number',
    weightDecay: 'number',
    momentum: 'number',
    learningRate: 'number',
  },
  adam: {
    values: 'Float32Array',
    mean: 'Float32Array',
    variance: 'Float32Array',
    gradient: 'Float64Array',
    n: 'integer',
    stepSize: 'number',
    correction: 'number',
    beta1: 'number',
    beta2: 'number',
    epsilon: 'number',
  },
  /** Returns Σ σ(logits); gradient = scale · σ(1 − σ). */
  expectedCount: {
    logits: 'Float32Array',
    gradient: 'Float64Array',
    n: 'integer',
    scale: 'number',
    returns: 'number',
  },
  maskedSquares: {
    gradient: 'Float32Array',
    mask: 'Uint8Array?',
    n: 'integer',
    returns: 'number',
  },
  squares: { x: 'Float64Array', n: 'integer', returns: 'number' },
  combine: {
    direction: 'Float64Array',
    weight: 'number',
    gradient: 'Float32Array',
    gradientWeight: 'number',
    n: 'integer',
  },
  /** Two words for each of `pairs` counters. */
  threefry: { words: 'Uint32Array', pairs: 'integer', ...counters },
  uniforms: { draws: 'Float32Array', count: 'integer', ...counters },
} as const satisfies Signatures;
