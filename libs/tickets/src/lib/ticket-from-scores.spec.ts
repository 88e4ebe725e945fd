import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LayerWeight, type ParameterSpec, keptCount } from '@winnow/plugin-api';
import { Budget } from './budget.ts';
import { ticketFromScores } from './ticket-from-scores.ts';

const SHAPES = { a: [2, 2], b: [2, 3], c: [1, 5] };
const parameters = Object.entries(SHAPES).map(
  ([name, shape]) => ({ name, shape, prunable: true }) as unknown as ParameterSpec,
);
/** The later, the larger. */
const scores = new Map(
  parameters.map(({ name, shape }) => {
    const data = Float32Array.from({ length: shape[0]! * shape[1]! }, (_, i) => i);
    return [name, { shape, data }];
  }),
);

function kept(within: LayerWeight, density: number, own: Record<string, number> = {}) {
  const provenance = { method: 'x', density, seed: 1, model: 'x', weightsHash: '' };
  const budget = Budget.of({ parameters }, density, own);
  const { layers } = ticketFromScores(scores, budget, provenance, { within });
  return Object.fromEntries([...layers].map(([name, mask]) => [name, [...mask.kept].join('')]));
}

it('refuses scores of other layers than the prunable ones', () => {
  const provenance = { method: 'x', density: 0.5, seed: 1, model: 'x', weightsHash: '' };
  const budget = Budget.of({ parameters }, 0.5);
  const [, ...rest] = scores;
  for (const [wrong, told] of [
    [new Map(rest), 'no scores for the prunable parameter "a"'],
    [new Map([...scores, ['bias', scores.get('a')!]]), 'scores for "bias", which is no prunable'],
  ] as const) {
    expect(() => ticketFromScores(wrong, budget, provenance)).toThrow(
      expect.objectContaining({ code: 'BAD_SCORES', message: expect.stringContaining(told) }),
    );
  }
});

describe('shares by weights of layers', () => {
  it('go with the weights, and the largest scores of each layer stay', () => {
    // 6 of 15 in proportion 1 : 3 : 2.
    const weights: Record<string, number> = { a: 1, b: 3, c: 2 };
    expect(kept(({ name }) => weights[name]!, 0.4)).toEqual({ a: '0001', b: '000111', c: '00011' });
  });

  it('are of what layers leave that stay whole', () => {
    // 10 of 15: all 4 of a, and of the other 6 in proportion 2 + 3 to 1 + 5, so 2.7 and 3.3.
    const within: LayerWeight = ({ name, shape }) =>
      name === 'a' ? Infinity : shape.reduce((x, y) => x + y);
    expect(kept(within, 0.67)).toEqual({ a: '1111', b: '000111', c: '00111' });
  });

  it("leave the user's own densities as they are", () => {
    // 10 of 15: 3 of b, then 5 of c, which stays whole, and 2 of a.
    const within: LayerWeight = ({ name }) => (name === 'c' ? Infinity : 1);
    expect(kept(within, 0.67, { b: 0.5 })).toEqual({ a: '0011', b: '000111', c: '11111' });
  });

  it('bring back nothing that has no score any more, though fractions may round a count up', () => {
    const names = ['a', 'b', 'c'];
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
        fc.array(fc.double({ min: 0.02, max: 1, noNaN: true }), { minLength: 2, maxLength: 6 }),
        ([first, second], densities) => {
          const sizes = [first, second, 7];
          const size = first + second + 7;
          const specs = names.map((name, i) => ({ name, shape: [sizes[i]], prunable: true }));
          const falling = densities.filter((one) => one * size >= 1).sort((x, y) => y - x);
          const budget = Budget.of({ parameters: specs as unknown as ParameterSpec[] }, 1);
          let before = sizes.map((n) => new Array<number>(n).fill(1));
          for (const density of falling) {
            const ranks = new Map(
              names.map((name, i) => {
                const data = Float32Array.from(before[i]!, (bit, j) => (bit ? j : -Infinity));
                return [name, { shape: [sizes[i]!], data }];
              }),
            );
            const provenance = { method: 'x', density, seed: 1, model: 'x', weightsHash: '' };
            const { layers } = ticketFromScores(ranks, budget, provenance, {
              within: 'layer',
              density,
            });
            const now = names.map((name) => [...layers.get(name)!.kept]);
            const sum = (bits: number[][]) => bits.flat().reduce((x, y) => x + y);
            expect(sum(now)).toBe(keptCount(density, size));
            now.forEach((bits, i) =>
              bits.forEach((bit, j) => expect(bit).toBeLessThanOrEqual(before[i]![j]!)),
            );
            before = now;
          }
        },
      ),
    );
  });

  it('are refused where more is to stay whole than is kept, or a weight is none', () => {
    expect(() => kept(() => Infinity, 0.4)).toThrow(
      expect.objectContaining({
        code: 'LAYER_DENSITY',
        message: expect.stringMatching(/stay whole have 15 weights, and only 6 are to be kept/),
      }),
    );
    expect(() => kept(() => 0, 0.4)).toThrow(
      'Layer "a" has the weight 0. What "within" returns must be more than 0.',
    );
  });
});
