import type { Signatures } from '../signature.ts';

/** From [outer, count, inner] to [outer, inner]. */
const middleAxis = {
  x: 'tensor',
  y: 'tensor',
  outer: 'integer',
  count: 'integer',
  inner: 'integer',
} as const;

export const reductionCalls = {
  reduce: { op: 'Reduction', ...middleAxis },
  argExtremum: { largest: 'flag', ...middleAxis },
  softmax: { x: 'tensor', y: 'tensor', rows: 'integer', columns: 'integer', logarithmic: 'flag' },
} as const satisfies Signatures;
