import { expect, it } from '@jest/globals';
import type { MetricsRow } from '@winnow/experiments';
import fc from 'fast-check';
import { ThinnedRows } from './thinned-rows.ts';

const rows = (phase: 'search' | 'train', count: number): MetricsRow[] =>
  Array.from({ length: count }, (_, i) => ({ phase, step: i + 1, epoch: 0 }));

it('keeps few rows a phase, evenly, and the last', () => {
  const kept = new ThinnedRows(8);
  kept.add([...rows('search', 3), ...rows('train', 21)]);
  expect(kept.all().map(({ phase, step }) => `${phase[0]}${step}`)).toEqual(
    's1 s2 s3 t4 t8 t12 t16 t20 t21'.split(' '),
  );
});

it('has validations beside, however few steps have one', () => {
  const kept = new ThinnedRows(8);
  for (const row of rows('train', 39 * 5)) {
    kept.add([row]);
    if (row.step % 39 === 0) kept.add([{ ...row, validationAccuracy: row.step }]);
  }
  const validated = kept.all().filter((row) => 'validationAccuracy' in row);
  expect(validated.map(({ step }) => step)).toEqual([39, 78, 117, 156, 195]);
});

it('is the same however the rows come', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.array(fc.nat(300)), (count, cuts) => {
      const all = rows('train', count);
      const [once, byParts] = [new ThinnedRows(10), new ThinnedRows(10)];
      once.add(all);
      const ends = [...cuts, count].sort((a, b) => a - b);
      ends.reduce((from, to) => (byParts.add(all.slice(from, to)), Math.min(to, count)), 0);
      expect(byParts.all()).toEqual(once.all());
      expect(once.all().length).toBeLessThanOrEqual(11);
    }),
  );
});
