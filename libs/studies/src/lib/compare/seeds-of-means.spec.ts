import { expect, it } from '@jest/globals';
import { seedsOfMeans, seedsOfValues } from './seeds-of-means.ts';

const ticket = (label: string, density: number, loss: number | null, kl: number | null) => ({
  label,
  density,
  values: { loss, kl },
});

it('counts finite values of each method, density and objective, and of costs tickets', () => {
  const tickets = [
    ticket('snip', 0.1, 2, 1),
    ticket('snip', 0.1, null, 1),
    ticket('snip', 0.1, null, 1),
    ticket('snip', 0.01, null, 0),
    ticket('grasp', 0.1, null, null),
    ticket('grasp', 0.1, null, null),
  ];
  const compared = { tickets, objectives: ['loss', 'kl'] };
  // Loss and KL of snip at 10 %, KL at 1 %.
  expect(seedsOfValues(compared)).toEqual([1, 3, 1]);
  expect(seedsOfMeans(compared)).toEqual([3, 1, 2, 1, 3, 1]);
});
