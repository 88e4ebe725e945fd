import * as tf from '@tensorflow/tfjs-core';
import { availableParallelism } from 'node:os';
import { WinnowError } from '@winnow/plugin-api';
import { loadAddon } from './load-addon.ts';

/** A block of the engine's memory; a stale one makes any call throw. */
export type Handle = number;

/** The numbering of native/kernels/kernels.h and native/operations/operations.h. */
export const UNARY = {
  Abs: 0,
  Neg: 1,
  Exp: 2,
  Log: 3,
  Sqrt: 4,
  Rsqrt: 5,
  Square: 6,
  Reciprocal: 7,
  Sigmoid: 8,
  Tanh: 9,
  Relu: 10,
  Relu6: 11,
  LeakyRelu: 12,
  Step: 13,
  Sign: 14,
  ClipByValue: 15,
  Floor: 16,
  Ceil: 17,
} as const;
export const BINARY = {
  Add: 0,
  Sub: 1,
  Multiply: 2,
  RealDiv: 3,
  Maximum: 4,
  Minimum: 5,
  SquaredDifference: 6,
} as const;
export const COMPARISON = {
  Equal: 0,
  NotEqual: 1,
  Less: 2,
  LessEqual: 3,
  Greater: 4,
  GreaterEqual: 5,
} as const;
export const REDUCTION = { Sum: 0, Mean: 1, Max: 2, Min: 3, Prod: 4 } as const;
export const TYPE = { float32: 0, int32: 1, bool: 2 } as const;

/**
 * The addon's functions (native/binding/addon.cc). Each checks that the memory it is given holds what its sizes say, and
 * throws otherwise. `geometry` has the fifteen numbers of `Geometry`; shapes and strides are in items.
 */
export interface Engine {
  interfaceVersion?(): number;
  allocate(bytes: number): Handle;
  release(handle: Handle): void;
  /** A handle of its own to a part of the same block. */
  view(handle: Handle, offsetBytes: number, bytes: number): Handle;
  write(handle: Handle, values: ArrayBufferView): void;
  read(handle: Handle, values: ArrayBufferView): void;
  trim(): void;
  memory(): { liveBytes: number; liveBlocks: number; cachedBytes: number; peakBytes: number };
  setThreads(count: number): void;
  threads(): number;
  setInstructions(name: string): void;
  instructions(): string;
  availableInstructions(): string[];
  unary(op: number, x: Handle, y: Handle, n: number, a: number, b: number): void;
  binary(
    op: number,
    a: Handle,
    b: Handle,
    y: Handle,
    shape: Int32Array,
    aStrides: Int32Array,
    bStrides: Int32Array,
  ): void;
  compare: Engine['binary'];
  select(condition: Handle, t: Handle, e: Handle, y: Handle, n: number, itemBytes: number): void;
  cast(x: Handle, from: number, y: Handle, to: number, n: number): void;
  fill(y: Handle, type: number, n: number, value: number): void;
  relax(alpha: Handle, u: Handle, mask: Handle, n: number, temperature: number): void;
  reduce(op: number, x: Handle, y: Handle, outer: number, count: number, inner: number): void;
  argExtremum(
    largest: boolean,
    x: Handle,
    y: Handle,
    outer: number,
    count: number,
    inner: number,
  ): void;
  softmax(x: Handle, y: Handle, rows: number, columns: number, logarithmic: boolean): void;
  copy(
    x: Handle,
    y: Handle,
    shape: Int32Array,
    xStrides: Int32Array,
    xOffset: number,
    yStrides: Int32Array,
    yOffset: number,
    itemBytes: number,
  ): void;
  gather(
    x: Handle,
    indices: Handle,
    y: Handle,
    outer: number,
    limit: number,
    inner: number,
    count: number,
    itemBytes: number,
  ): void;
  oneHot(
    indices: Handle,
    y: Handle,
    type: number,
    count: number,
    depth: number,
    on: number,
    off: number,
  ): void;
  matMul(
    a: Handle,
    b: Handle,
    c: Handle,
    batch: number,
    m: number,
    k: number,
    n: number,
    transposeA: boolean,
    transposeB: boolean,
    oneA: boolean,
    oneB: boolean,
  ): void;
  /** May leave sums by channel in `moments` (float64 [batch, 2, outChannels]); returns how many parts it has filled. */
  convolve(
    x: Handle,
    filter: Handle,
    y: Handle,
    geometry: Int32Array,
    moments: Handle | undefined,
  ): number;
  convolveInputGradient(dy: Handle, filter: Handle, dx: Handle, geometry: Int32Array): void;
  convolveFilterGradient(x: Handle, dy: Handle, dfilter: Handle, geometry: Int32Array): void;
  maxPool(x: Handle, y: Handle, geometry: Int32Array): void;
  averagePool(x: Handle, y: Handle, geometry: Int32Array): void;
  maxPoolGradient(dy: Handle, x: Handle, dx: Handle, geometry: Int32Array): void;
  maxPoolGather(values: Handle, x: Handle, y: Handle, geometry: Int32Array): void;
  averagePoolGradient(dy: Handle, dx: Handle, geometry: Int32Array): void;
  normalize(
    x: Handle,
    scale: Handle,
    shift: Handle,
    residual: Handle | undefined,
    y: Handle,
    mean: Handle,
    inverse: Handle,
    rows: number,
    channels: number,
    epsilon: number,
    relu: boolean,
    moments: Handle | undefined,
    parts: number,
  ): void;
  affine(
    x: Handle,
    factor: Handle,
    offset: Handle,
    residual: Handle | undefined,
    y: Handle,
    rows: number,
    channels: number,
    relu: boolean,
  ): void;
  normalizeGradient(
    dy: Handle,
    x: Handle,
    y: Handle,
    mean: Handle,
    inverse: Handle,
    scale: Handle,
    shift: Handle,
    dx: Handle,
    dscale: Handle,
    dshift: Handle,
    dresidual: Handle | undefined,
    rows: number,
    channels: number,
    relu: boolean,
  ): void;
  normalizeGradientGradient(
    dy: Handle,
    x: Handle,
    y: Handle,
    mean: Handle,
    inverse: Handle,
    scale: Handle,
    shift: Handle,
    ddx: Handle,
    ddscale: Handle,
    ddshift: Handle,
    ddresidual: Handle | undefined,
    towardsDy: Handle,
    towardsX: Handle,
    towardsScale: Handle,
    rows: number,
    channels: number,
    relu: boolean,
  ): void;
  threefry(
    words: Uint32Array,
    pairs: number,
    key0: number,
    key1: number,
    first: number,
    high: number,
  ): void;
  uniforms(
    draws: Float32Array,
    count: number,
    key0: number,
    key1: number,
    first: number,
    high: number,
  ): void;
  sgd(
    parameters: Float32Array,
    gradient: Float32Array,
    velocity: Float32Array,
    mask: Uint8Array | undefined,
    n: number,
    factor: number,
    weightDecay: number,
    momentum: number,
    learningRate: number,
  ): void;
  maskedSquares(gradient: Float32Array, mask: Uint8Array | undefined, n: number): number;
  squares(x: Float64Array, n: number): number;
  combine(
    direction: Float64Array,
    weight: number,
    gradient: Float32Array,
    gradientWeight: number,
    n: number,
  ): void;
  /** Σ σ(logits); gradient = scale · σ(1 − σ). */
  expectedCount(logits: Float32Array, gradient: Float64Array, n: number, scale: number): number;
  adam(
    values: Float32Array,
    mean: Float32Array,
    variance: Float32Array,
    gradient: Float64Array,
    n: number,
    stepSize: number,
    correction: number,
    beta1: number,
    beta2: number,
    epsilon: number,
  ): void;
}

/** As many threads as WINNOW_THREADS says, else as cores. Throws INVALID_THREADS. */
export function wantedThreads(): number {
  const asked = process.env['WINNOW_THREADS'];
  if (!asked) return availableParallelism();
  const count = Number(asked);
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new WinnowError(
      'INVALID_THREADS',
      `WINNOW_THREADS is "${asked}", which is no number of threads.`,
      { hint: 'Give a whole number from 1 to 1024.' },
    );
  }
  return count;
}

/** The instruction set that WINNOW_INSTRUCTIONS names, so that machines of several kinds round alike. Throws INVALID_INSTRUCTIONS. */
export function wantedInstructions(known: readonly string[]): string | undefined {
  const asked = process.env['WINNOW_INSTRUCTIONS'];
  if (!asked || known.includes(asked)) return asked || undefined;
  throw new WinnowError(
    'INVALID_INSTRUCTIONS',
    `WINNOW_INSTRUCTIONS is "${asked}", which the engine lacks on this processor.`,
    { hint: `It has ${known.join(', ')}.` },
  );
}

/** What native/binding/addon.cc says, too. */
const INTERFACE = 3;

let engine: Engine | undefined;

/**
 * The engine of this process, loaded at the first call. Throws BACKEND_UNAVAILABLE, INVALID_ENGINE,
 * INVALID_THREADS and INVALID_INSTRUCTIONS.
 */
export function loadEngine(): Engine {
  if (!engine) {
    const threads = wantedThreads();
    const loaded = loadAddon() as Engine;
    if (loaded.interfaceVersion?.() !== INTERFACE) {
      throw new WinnowError(
        'BACKEND_UNAVAILABLE',
        'The native engine that was found is of another version, or is none.',
        { hint: 'In the clone, run `node tools/build-engine.mjs`; unset WINNOW_ENGINE.' },
      );
    }
    const instructions = wantedInstructions(loaded.availableInstructions());
    loaded.setThreads(threads);
    if (instructions) loaded.setInstructions(instructions);
    engine = loaded;
  }
  return engine;
}

/** What the engine computes with, while the backend is `native`. */
export function engineInUse(): { threads: number; instructions: string } | undefined {
  if (tf.getBackend() !== 'native') return undefined;
  const used = loadEngine();
  return { threads: used.threads(), instructions: used.instructions() };
}
