import { describe, expect, it } from '@jest/globals';
import { Packing } from '@winnow/models';
import { Budget, keptCount, ticketFromScores } from '@winnow/tickets';
import type { ParameterSpec } from '@winnow/plugin-api';
import fc from 'fast-check';
import { pruneByRounds } from './prune-by-rounds.ts';

/** As the context of a search does it. */
function keeping(prunable: Packing, density: number) {
  const parameters = prunable.names.map((name) => {
    const { shape } = prunable.views(new Float32Array(prunable.size)).get(name)!;
    return { name, shape, prunable: true } as unknown as ParameterSpec;
  });
  const budget = Budget.of({ parameters }, density);
  const provenance = { method: 'x', density, seed: 0, model: 'x', weightsHash: '' };
  return (ranks: ReturnType<Packing['views']>, between?: number) =>
    ticketFromScores(ranks, budget, provenance, between === undefined ? {} : { density: between });
}

const shapes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 });

describe('pruneByRounds', () => {
  it('keeps exactly ⌊κ^(n/N) d⌋ after round n, and revives nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        shapes,
        fc.double({ min: 0.05, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('largest' as const, 'lowest' as const),
        fc.infiniteStream(fc.integer({ min: -3, max: 3 })),
        async (sizes, density, rounds, keep, draws) => {
          const prunable = new Packing(sizes.map((n, i) => ({ name: `layer${i}`, shape: [n] })));
          fc.pre(Math.floor(density * prunable.size) > 0);
          const masks: Float32Array[] = [];
          const { ticket } = await pruneByRounds({
            keep,
            prunable,
            density,
            rounds,
            keepLargest: keeping(prunable, density),
            score: () =>
              Promise.resolve(
                Float32Array.from({ length: prunable.size }, () => Number(draws.next().value)),
              ),
            after: (mask) => Promise.resolve(void masks.push(mask)),
          });
          masks.push(prunable.gather(ticket.layers));
          for (const [n, mask] of masks.entries()) {
            const kept = n + 1 < rounds ? density ** ((n + 1) / rounds) : density;
            expect(mask.reduce((sum, m) => sum + m, 0)).toBe(keptCount(kept, prunable.size));
            expect(mask.every((m, i) => m <= (masks[n - 1]?.[i] ?? 1))).toBe(true);
          }
        },
      ),
    );
  });

  it('hands out the ranking of one round, larger kept, and none of several', async () => {
    const prunable = new Packing([{ name: 'a', shape: [4] }]);
    const prune = async (keep: 'largest' | 'lowest', rounds: number) => {
      const score = () => Promise.resolve(Float32Array.of(1, 2, 3, 4));
      const { ticket } = await pruneByRounds({
        keep,
        prunable,
        density: 0.5,
        rounds,
        keepLargest: keeping(prunable, 0.5),
        score,
      });
      return { kept: prunable.gather(ticket.layers), ranking: ticket.scores?.get('a')?.data };
    };
    expect(await prune('lowest', 1)).toEqual({
      kept: Float32Array.of(1, 1, 0, 0),
      ranking: Float32Array.of(-1, -2, -3, -4),
    });
    expect((await prune('largest', 1)).ranking).toEqual(Float32Array.of(1, 2, 3, 4));
    expect((await prune('largest', 2)).ranking).toBeUndefined();
  });

  it('goes on from a mask to the same ticket', async () => {
    const prunable = new Packing([{ name: 'a', shape: [8] }]);
    const of = [
      [1, 2, 3, 4, 5, 6, 7, 8],
      [8, 7, 6, 5, 4, 3, 2, 1],
      [1, 8, 2, 7, 3, 6, 4, 5],
    ];
    const work = {
      keep: 'largest' as const,
      prunable,
      density: 0.125,
      rounds: 3,
      keepLargest: keeping(prunable, 0.125),
      score: (_: unknown, round: number) => Promise.resolve(Float32Array.from(of[round]!)),
    };
    // Round 1 keeps ⌊8 · 0.5⌋ = 4: the last four; round 2 ⌊8 · 0.25⌋ = 2 of them: 4 and 5; round 3 one: 5.
    const states: { mask: Float32Array; round: number }[] = [];
    const after = (mask: Float32Array, round: number) =>
      Promise.resolve(void states.push({ mask, round }));
    const whole = prunable.gather((await pruneByRounds({ ...work, after })).ticket.layers);
    expect(states.map(({ mask }) => [...mask])).toEqual([
      [0, 0, 0, 0, 1, 1, 1, 1],
      [0, 0, 0, 0, 1, 1, 0, 0],
    ]);
    expect([...whole]).toEqual([0, 0, 0, 0, 0, 1, 0, 0]);
    const { ticket } = await pruneByRounds({ ...work, from: states[1] });
    expect(prunable.gather(ticket.layers)).toEqual(whole);
  });
});
