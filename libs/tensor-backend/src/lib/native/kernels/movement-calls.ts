import type { Signatures } from '../signature.ts';

export const movementCalls = {
  /** Strides and offsets in items. */
  copy: {
    x: 'tensor',
    y: 'tensor',
    type: 'Type',
    shape: 'Int32Array',
    xStrides: 'Int32Array',
    xOffset: 'integer',
    yStrides: 'Int32Array',
    yOffset: 'integer',
  },
  /** From [outer, limit, inner] to [outer, count, inner]. */
  gather: {
    x: 'tensor',
    indices: 'tensor',
    y: 'tensor',
    type: 'Type',
    outer: 'integer',
    limit: 'integer',
    inner: 'integer',
    count: 'integer',
  },
  /** To [count, depth]. */
  oneHot: {
    indices: 'tensor',
    y: 'tensor',
    type: 'Type',
    count: 'integer',
    depth: 'integer',
    on: 'number',
    off: 'number',
  },
} as const satisfies Signatures;
