import type { Signatures } from '../signature.ts';

/** What normalisation was given and gave, and what comes towards y. */
const normalized = {
  dy: 'tensor',
  x: 'tensor',
  y: 'tensor',
  mean: 'tensor',
  inverse: 'tensor',
  scale: 'tensor',
  shift: 'tensor',
} as const;

/** Over [rows, channels]. */
const over = { rows: 'integer', channels: 'integer', relu: 'flag' } as const;

export const normalizationCalls = {
  affine: {
    x: 'tensor',
    factor: 'tensor',
    offset: 'tensor',
    residual: 'tensor?',
    y: 'tensor',
    ...over,
  },
  /** `moments` (float64 [parts, 2, channels]) are what a convolution left of x. */
  normalize: {
    x: 'tensor',
    scale: 'tensor',
    shift: 'tensor',
    residual: 'tensor?',
    y: 'tensor',
    mean: 'tensor',
    inverse: 'tensor',
    epsilon: 'number',
    moments: 'tensor?',
    parts: 'integer',
    ...over,
  },
  normalizeGradient: {
    ...normalized,
    dx: 'tensor',
    dscale: 'tensor',
    dshift: 'tensor',
    dresidual: 'tensor?',
    ...over,
  },
  normalizeGradientGradient: {
    ...normalized,
    ddx: 'tensor',
    ddscale: 'tensor',
    ddshift: 'tensor',
    ddresidual: 'tensor?',
    towardsDy: 'tensor',
    towardsX: 'tensor',
    towardsScale: 'tensor',
    ...over,
  },
} as const satisfies Signatures;
