import type { Signatures } from '../signature.ts';

/** How windows lie over NHWC images. */
const geometry = {
  batch: 'integer',
  height: 'integer',
  width: 'integer',
  channels: 'integer',
  filterHeight: 'integer',
  filterWidth: 'integer',
  outHeight: 'integer',
  outWidth: 'integer',
  outChannels: 'integer',
  strideHeight: 'integer',
  strideWidth: 'integer',
  dilationHeight: 'integer',
  dilationWidth: 'integer',
  padTop: 'integer',
  padLeft: 'integer',
} as const;

export type Geometry = Readonly<Record<keyof typeof geometry, number>>;

export const linearMapCalls = {
  /** c [batch, m, n] = op(a) · op(b); `oneA` and `oneB` tell of one matrix for the whole batch. */
  matMul: {
    a: 'tensor',
    b: 'tensor',
    c: 'tensor',
    batch: 'integer',
    m: 'integer',
    k: 'integer',
    n: 'integer',
    transposeA: 'flag',
    transposeB: 'flag',
    oneA: 'flag',
    oneB: 'flag',
  },
  /** May leave sums by channel in `moments` (float64 [batch, 2, outChannels]); returns how many parts it has filled. */
  convolve: {
    x: 'tensor',
    filter: 'tensor',
    y: 'tensor',
    moments: 'tensor?',
    ...geometry,
    returns: 'number',
  },
  convolveInputGradient: { dy: 'tensor', filter: 'tensor', dx: 'tensor', ...geometry },
  convolveFilterGradient: { x: 'tensor', dy: 'tensor', dfilter: 'tensor', ...geometry },
  /** Filter [height, width, channels, multiplier]; outChannels is channels · multiplier. */
  depthwise: { x: 'tensor', filter: 'tensor', y: 'tensor', ...geometry },
  depthwiseInputGradient: { dy: 'tensor', filter: 'tensor', dx: 'tensor', ...geometry },
  depthwiseFilterGradient: { x: 'tensor', dy: 'tensor', dfilter: 'tensor', ...geometry },
  maxPool: { x: 'tensor', y: 'tensor', ...geometry },
  averagePool: { x: 'tensor', y: 'tensor', ...geometry },
  maxPoolGradient: { dy: 'tensor', x: 'tensor', dx: 'tensor', ...geometry },
  /** y: of `values`, those at the first maximum of each window of x. */
  maxPoolGather: { values: 'tensor', x: 'tensor', y: 'tensor', ...geometry },
  averagePoolGradient: { dy: 'tensor', dx: 'tensor', ...geometry },
} as const satisfies Signatures;
