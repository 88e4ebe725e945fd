import { expect, it } from '@jest/globals';
import { missingSeeds } from './missing-seeds.ts';

const row = (label: string, density: number, seed: number) => ({ label, density, seed });

it('names the seeds that a mean lacks and others have', () => {
  const rows = [
    row('snip', 0.1, 3),
    row('snip', 0.1, 1),
    row('snip', 0.1, 2),
    row('snip', 0.2, 2),
    row('dense', 1, 1),
    row('dense', 1, 3),
  ];
  expect(missingSeeds(rows)).toEqual(['Missing seeds: snip at 20 %: 1, 3; dense at 100 %: 2.']);
});

it('says nothing where all means are over the same seeds', () => {
  expect(missingSeeds([row('snip', 0.1, 1), row('snip', 0.2, 1), row('dense', 1, 1)])).toEqual([]);
});
