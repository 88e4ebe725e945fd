import { describe, expect, it } from '@jest/globals';
import { type AddonCalls, differences, namedCalls } from './named-calls.ts';
import type { Signatures } from './signature.ts';

const addon: AddonCalls = {
  calls: { scale: (...given) => given, sum: (...given) => given },
  signatures: {
    scale: { op: 'Unary', x: 'tensor', by: 'number' },
    sum: { x: 'Float64Array', returns: 'number' },
  },
  choices: { Unary: 'Abs, Neg' },
};
const signatures: Signatures = {
  scale: { by: 'number', x: 'tensor', op: 'Unary' },
  sum: { x: 'Float64Array', returns: 'number' },
};

describe('named calls', () => {
  it('pass arguments in the order of the addon, and the number of a choice', () => {
    const { scale, sum } = namedCalls(addon) as Record<string, (given: object) => unknown>;
    expect(scale!({ by: 2, x: 7, op: 'Neg' })).toEqual([1, 7, 2]);
    expect(scale!({ op: 'Cube', x: 7, more: 1 })).toEqual([undefined, 7, undefined]);
    expect(sum!({ x: 1 })).toEqual([1]);
  });

  it('are told apart by names, kinds and what is returned, not by their order', () => {
    expect(differences(signatures, addon)).toEqual([]);
    const other = (changed: Signatures) => differences({ ...signatures, ...changed }, addon);
    expect(other({ scale: { x: 'tensor', by: 'number' } })).toEqual(['scale']);
    expect(other({ scale: { op: 'Unary', x: 'tensor?', by: 'number' } })).toEqual(['scale']);
    expect(other({ sum: { x: 'Float64Array' } })).toEqual(['sum']);
    expect(other({ more: {} })).toEqual(['more']);
    expect(differences({ sum: signatures['sum']! }, addon)).toEqual(['scale']);
  });
});
