import type { Signatures } from '../signature.ts';

/** Views in items, with strides of 0 where an input is broadcast. */
const broadcast = {
  a: 'tensor',
  b: 'tensor',
  y: 'tensor',
  shape: 'Int32Array',
  aStrides: 'Int32Array',
  bStrides: 'Int32Array',
} as const;

export const elementwiseCalls = {
  /** What `a` and `b` are is the op's affair. */
  unary: { op: 'Unary', x: 'tensor', y: 'tensor', n: 'integer', a: 'number', b: 'number' },
  binary: { op: 'Binary', ...broadcast },
  compare: { op: 'Comparison', ...broadcast },
  select: {
    condition: 'tensor',
    t: 'tensor',
    e: 'tensor',
    y: 'tensor',
    type: 'Type',
    n: 'integer',
  },
  cast: { x: 'tensor', from: 'Type', y: 'tensor', to: 'Type', n: 'integer' },
  fill: { y: 'tensor', type: 'Type', n: 'integer', value: 'number' },
  relax: { alpha: 'tensor', u: 'tensor', mask: 'tensor', n: 'integer', temperature: 'number' },
} as const satisfies Signatures;
