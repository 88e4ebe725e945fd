import { describe, expect, it } from '@jest/globals';
import type { TicketProvenance } from '@winnow/plugin-api';
import fc from 'fast-check';
import { shareOut } from './share-out.ts';
import { type Scores, Ticket } from './ticket.ts';

const provenance: TicketProvenance = {
  method: 'test',
  density: 0.5,
  seed: 1,
  model: 'toy',
  weightsHash: 'ab',
};

function scoresOf(...layers: (Float32Array | Float64Array)[]): Scores {
  return new Map(layers.map((data, i) => [`layer${i}`, { shape: [data.length], data }]));
}

function flat(ticket: Ticket): number[] {
  return [...ticket.layers.values()].flatMap(({ kept }) => [...kept]);
}

// Few distinct values, so that ties are common; both zeros and both infinities among them.
const value = fc.constantFrom(-Infinity, -2.5, -1e-40, -0, 0, 1e-40, 1, 1.000001, 3e38, Infinity);
const wide = fc.oneof(value, fc.double({ noNaN: true }));
const layer = fc.oneof(
  fc.array(value, { maxLength: 20 }).map((values) => Float32Array.from(values)),
  fc.array(wide, { maxLength: 20 }).map((values) => Float64Array.from(values)),
);
const layers = fc
  .array(layer, { minLength: 1, maxLength: 4 })
  .filter((arrays) => arrays.some(({ length }) => length > 0));

/** Sorting by comparison: larger first, then the lower index. */
function largest(values: number[], count: number): number[] {
  const order = values
    .map((_, i) => i)
    .sort((a, b) => (values[a]! < values[b]! ? 1 : values[a]! > values[b]! ? -1 : a - b));
  const mask = values.map(() => 0);
  for (const i of order.slice(0, count)) mask[i] = 1;
  return mask;
}

describe('Ticket.keepLargest', () => {
  it('keeps the largest of all layers, of equal ones the lower flat index', () => {
    const scores = scoresOf(Float32Array.of(0.5, -3, 2), Float32Array.of(0.5, 9, 0.5, -7, 0));
    const ticket = Ticket.keepLargest(scores, 0.5, provenance);
    expect(flat(ticket)).toEqual([1, 0, 1, 1, 1, 0, 0, 0]);
    expect(ticket).toMatchObject({ size: 8, kept: 4, density: 0.5 });
  });

  it('agrees with a sort on any scores, both zeros being equal', () => {
    fc.assert(
      fc.property(layers, fc.double({ min: 0, max: 1, noNaN: true }), (arrays, u) => {
        const values = arrays.flatMap((array) => [...array]);
        const count = Math.max(1, Math.round(u * values.length));
        const ticket = Ticket.keepLargest(scoresOf(...arrays), count / values.length, provenance);
        expect(ticket.kept).toBe(count);
        expect(flat(ticket)).toEqual(largest(values, count));
      }),
    );
  });

  it('finds in a lower density part of what it finds in a higher one', () => {
    const densities = fc.tuple(
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 10 }), densities, (values, [a, b]) => {
        const scores = scoresOf(Float32Array.from(values));
        const low = flat(Ticket.keepLargest(scores, Math.min(a, b), provenance));
        const high = flat(Ticket.keepLargest(scores, Math.max(a, b), provenance));
        expect(low.every((kept, i) => kept <= high[i]!)).toBe(true);
      }),
    );
  });

  it('names the layer of a score that is not a number', () => {
    const scores = scoresOf(Float32Array.of(1), Float32Array.of(1, NaN));
    expect(() => Ticket.keepLargest(scores, 1, provenance)).toThrow(
      'The score of weight 1 in "layer1" is not a number.',
    );
  });
});

describe('Ticket.keepLargestPerLayer', () => {
  it('keeps of each layer its largest', () => {
    const scores = scoresOf(Float32Array.of(1, 1, 0), Float64Array.of(9, 8, 7, 7));
    const counts = new Map([
      ['layer0', 1],
      ['layer1', 3],
    ]);
    expect(flat(Ticket.keepLargestPerLayer(scores, counts, provenance))).toEqual([
      1, 0, 0, 1, 1, 1, 0,
    ]);
    counts.set('layer0', 4);
    expect(() => Ticket.keepLargestPerLayer(scores, counts, provenance)).toThrow(
      'Cannot keep 4 of the 3 weights of "layer0".',
    );
  });
});

describe('counts that cannot be kept', () => {
  const scores = scoresOf(Float32Array.of(4, 3, 2, 1), Float32Array.of(8, 7));

  it.each([1.5, NaN, -1, 5, undefined])('%s of a layer of 4', (count) => {
    const counts = new Map([
      ['layer0', count as number],
      ['layer1', 1],
    ]);
    expect(() => Ticket.keepLargestPerLayer(scores, counts, provenance)).toThrow(
      new RangeError(`Cannot keep ${count} of the 4 weights of "layer0".`),
    );
  });

  it.each([2.5, NaN, -1, 7])('%s of a group of 6', (count) => {
    const groups = [{ names: ['layer0', 'layer1'], kept: count }];
    expect(() => Ticket.keepLargestOfGroups(scores, groups, provenance)).toThrow(
      new RangeError(`Cannot keep ${count} of the 6 weights of "layer0" and 1 more.`),
    );
  });

  it('of layers that are not there, or in no group', () => {
    const keep = (...names: string[]) =>
      Ticket.keepLargestOfGroups(scores, [{ names, kept: 1 }], provenance);
    expect(() => keep('other')).toThrow(
      new RangeError('There are no scores of the layer "other".'),
    );
    expect(() => keep('layer1')).toThrow(new RangeError('No group has the layer "layer0".'));
    expect(flat(keep('layer0', 'layer1'))).toEqual([0, 0, 0, 0, 1, 0]);
  });
});

describe('shareOut', () => {
  it('gives fractions to the largest remainders and what a full layer leaves to the others', () => {
    // 10 · 3/12, 10 · 4/12, 10 · 5/12 = 2.5, 3.33, 4.17: the one left over goes to the first.
    const even = new Map([3, 4, 5].map((size, i) => [`layer${i}`, { size, weight: size }]));
    expect([...shareOut(10, even).values()]).toEqual([3, 3, 4]);
    // 12 · 8/16 = 6 does not fit into 2; the other 10 stand 3 : 5.
    const full = new Map([
      ['a', { size: 2, weight: 8 }],
      ['b', { size: 50, weight: 3 }],
      ['c', { size: 50, weight: 5 }],
    ]);
    expect([...shareOut(12, full).values()]).toEqual([2, 4, 6]);
  });

  it('fills layers of infinite weight before all others', () => {
    const whole = new Map([
      ['a', { size: 50, weight: 3 }],
      ['b', { size: 4, weight: Infinity }],
      ['c', { size: 50, weight: 5 }],
    ]);
    expect([...shareOut(12, whole).values()]).toEqual([3, 4, 5]);
    expect([...shareOut(4, whole).values()]).toEqual([0, 4, 0]);
    expect(() => shareOut(3, whole)).toThrow(RangeError);
  });

  it('hands out exactly the total and overfills no layer', () => {
    const share = fc.record({
      size: fc.integer({ min: 1, max: 3_000_000 }),
      weight: fc.double({ min: 1e-3, max: 1e7, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(share, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, u) => {
          const total = Math.round(u * list.reduce((sum, { size }) => sum + size, 0));
          const counts = [...shareOut(total, new Map(list.map((s, i) => [`${i}`, s]))).values()];
          expect(counts.reduce((sum, n) => sum + n, 0)).toBe(total);
          expect(counts.every((n, i) => n >= 0 && n <= list[i]!.size)).toBe(true);
        },
      ),
    );
  });
});

it('a ticket refuses masks that do not fill their shape or hold more than 0 and 1', () => {
  const ticket = (...kept: number[]) =>
    new Ticket({
      layers: new Map([['fc', { shape: [2, 2], kept: Uint8Array.of(...kept) }]]),
      provenance,
    });
  expect(ticket(0, 1, 1, 0).kept).toBe(2);
  expect(() => ticket(0, 1, 1)).toThrow('The mask of "fc" has 3 values for shape [2, 2].');
  expect(() => ticket(0, 1, 2, 0)).toThrow('"fc" holds 2 at flat index 2');
});
