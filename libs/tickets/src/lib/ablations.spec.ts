import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { writeSafetensors } from '@winnow/files/disk';
import type { RandomStream, TicketProvenance } from '@winnow/plugin-api';
import fc from 'fast-check';
import { readScores, writeScores } from './score-file.ts';
import { type Scores, Ticket } from './ticket.ts';

const provenance: TicketProvenance = {
  method: 'test',
  density: 0.5,
  seed: 1,
  model: 'toy',
  weightsHash: 'ab',
};

function scoresOf(...layers: readonly (readonly number[])[]): Scores {
  return new Map(
    layers.map((data, i) => [`layer${i}`, { shape: [data.length], data: Float32Array.from(data) }]),
  );
}

const masks = (ticket: Ticket) => [...ticket.layers.values()].map(({ kept }) => [...kept]);
const counts = (ticket: Ticket) => masks(ticket).map((mask) => mask.reduce((a, b) => a + b, 0));

/** Layers of distinct scores, in any order. */
const distinctLayers = fc
  .array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 })
  .chain((sizes) => {
    const size = sizes.reduce((a, b) => a + b, 0);
    const ranks = Array.from({ length: size }, (_, i) => i - size / 2);
    return fc.shuffledSubarray(ranks, { minLength: size }).map((scores) => {
      let at = 0;
      return sizes.map((n) => scores.slice(at, (at += n)));
    });
  });
const share = fc.double({ min: 0, max: 1, noNaN: true });
const keptOf = (layers: readonly (readonly number[])[], u: number) => {
  const size = layers.flat().length;
  return { size, count: Math.max(1, Math.round(u * size)) };
};

/** Draws of fast-check's, whatever the counter. */
const orders = fc.infiniteStream(fc.nat()).map((draws): RandomStream => ({
  uniforms: () => new Float32Array(),
  normals: () => new Float32Array(),
  permutation: (count) => {
    const keys = Array.from({ length: count }, () => draws.next().value as number);
    return Int32Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
  },
}));
/** Turns every layer round, each by its own number of places. */
const turned: RandomStream = {
  uniforms: () => new Float32Array(),
  normals: () => new Float32Array(),
  permutation: (count, layer) =>
    Int32Array.from({ length: count }, (_, i) => (i + 1 + layer) % count),
};

describe('Ticket.shuffled', () => {
  it('moves the weights of each layer by its own order, and leaves the ticket alone', () => {
    const ticket = Ticket.keepLargest(scoresOf([4, 3, 0, 0], [2, 0, 0, 0]), 0.375, provenance);
    const shuffled = ticket.shuffled(turned);
    expect(masks(shuffled)).toEqual([
      [1, 0, 0, 1],
      [0, 0, 1, 0],
    ]);
    expect(masks(ticket)).toEqual([
      [1, 1, 0, 0],
      [1, 0, 0, 0],
    ]);
    expect(shuffled.provenance.notes).toEqual(['shuffled within each layer']);
    expect(shuffled.scores).toBeUndefined();
  });

  it("keeps every layer's count", () => {
    fc.assert(
      fc.property(distinctLayers, share, orders, (layers, u, order) => {
        const { size, count } = keptOf(layers, u);
        const ticket = Ticket.keepLargest(scoresOf(...layers), count / size, provenance);
        const shuffled = ticket.shuffled(order);
        expect(counts(shuffled)).toEqual(counts(ticket));
        expect(shuffled.kept).toBe(count);
      }),
    );
  });
});

describe('Ticket.inverted', () => {
  it('keeps the lowest of all layers, of equal ones the lower flat index', () => {
    const scores = scoresOf([0.5, -3, 2], [-0, 9, 0, -7, 1]);
    const ticket = Ticket.keepLargest(scores, 0.375, provenance);
    const inverted = ticket.inverted(scores);
    expect(masks(inverted)).toEqual([
      [0, 1, 0],
      [1, 0, 0, 1, 0],
    ]);
    expect(inverted.provenance.notes).toEqual(['inverted']);
  });

  it('is disjoint from the ticket up to half the weights, where scores are distinct', () => {
    fc.assert(
      fc.property(distinctLayers, share, (layers, u) => {
        const { size, count } = keptOf(layers, u / 2);
        fc.pre(2 * count <= size);
        const scores = scoresOf(...layers);
        const ticket = Ticket.keepLargest(scores, count / size, provenance);
        const inverted = ticket.inverted(scores);
        const kept = masks(ticket).flat();
        expect(inverted.kept).toBe(count);
        expect(
          masks(inverted)
            .flat()
            .some((bit, i) => bit && kept[i]),
        ).toBe(false);
      }),
    );
  });

  it('stays within each layer where the ticket did', () => {
    const scores = scoresOf([1, 2, 3, 4], [10, 30, 20, 40]);
    const kept = new Map([
      ['layer0', 2],
      ['layer1', 1],
    ]);
    const ticket = Ticket.keepLargestPerLayer(scores, kept, provenance);
    const inverted = ticket.inverted(scores);
    expect(masks(inverted)).toEqual([
      [1, 1, 0, 0],
      [1, 0, 0, 0],
    ]);
    expect(inverted.provenance.notes).toEqual(['inverted within each layer']);
  });

  it('keeps the lowest of a layer with a density of its own, and of all others together', () => {
    const scores = new Map([
      ['a', { shape: [3], data: Float32Array.of(9, 8, 7) }],
      ['b', { shape: [3], data: Float32Array.of(1, 2, 3) }],
      ['c', { shape: [2], data: Float32Array.of(4, 5) }],
    ]);
    const groups = [
      { names: ['b'], kept: 2 },
      { names: ['a', 'c'], kept: 2 },
    ];
    const provenance = {
      method: 'x',
      density: 0.5,
      layerDensities: { b: 0.7 },
      seed: 1,
      model: 'x',
      weightsHash: '',
    };
    const ticket = Ticket.keepLargestOfGroups(scores, groups, provenance);
    expect(masks(ticket)).toEqual([
      [1, 1, 0],
      [0, 1, 1],
      [0, 0],
    ]);
    const inverted = ticket.inverted(scores);
    expect(masks(inverted)).toEqual([
      [0, 0, 0],
      [1, 1, 0],
      [1, 1],
    ]);
    expect(inverted.provenance.notes).toEqual(['inverted']);
  });

  it('refuses scores that do not make the ticket', () => {
    const ticket = Ticket.keepLargest(scoresOf([1, 2, 3, 4]), 0.5, provenance);
    const code = (...layers: number[][]) => {
      try {
        return ticket.inverted(scoresOf(...layers));
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(code([4, 2, 3, 1])).toBe('TICKET_MISMATCH');
    expect(code([1, 2, 3])).toBe('TICKET_MISMATCH');
    expect(code()).toBe('TICKET_MISMATCH');
  });
});

describe('score files', () => {
  it('bring back what a ticket was made of, and refuse what are no scores', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'winnow-scores-'));
    try {
      const path = join(dir, 'scores.safetensors');
      const scores = scoresOf([1, -2.5, Infinity, 0], [3e-40]);
      await writeScores(path, scores);
      expect(await readScores(path)).toEqual(scores);
      await writeSafetensors(path, [['layer0', { shape: [1], data: Uint8Array.of(1) }]]);
      await expect(readScores(path)).rejects.toMatchObject({ code: 'BAD_SCORES' });
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
