import { expect, it } from '@jest/globals';
import { statisticsByMethod } from '@winnow/report';
import { type ResultRow, oncePerTicket } from './result-rows.ts';

const minutes = { pretrain: 0, search: 1, train: 1, evaluate: 0 };
const row = (folder: string, density: number, kept: number, seed: number, own: object = {}) =>
  ({ method: 'ltr', accuracy: 0.9, folder, density, kept, seed, ...own }) as ResultRow;

it('counts a density that a run has and a round of another one passes as one seed, whatever digits it was written with', () => {
  // Of ResNet-20's 291,376 weights 0.262 and 0.8^6 = 0.262144 keep 76,340 and 76,382.
  const rows = [
    row('longer', 0.262144, 76_382, 1),
    row('own', 0.262, 76_340, 1, { minutes }),
    row('other seed', 0.262144, 76_382, 2),
    row('again', 0.26214, 76_381, 1, { minutes }),
  ];
  const once = oncePerTicket(rows);
  expect(once.rows.map(({ folder }) => folder)).toEqual(['own', 'other seed']);
  expect(once.repeated).toEqual(['again']);
  expect(statisticsByMethod(once.rows).get('ltr')).toMatchObject([{ density: 0.262, seeds: 2 }]);
});
