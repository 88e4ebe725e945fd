import { expect, it } from '@jest/globals';
import { commonOrder } from './common-order.ts';

it('puts names where every list has them, wherever they first come', () => {
  expect(
    commonOrder([
      ['stage1', 'head'],
      ['stem', 'stage1', 'head'],
    ]),
  ).toEqual(['stem', 'stage1', 'head']);
  expect(
    commonOrder([
      ['a', 'd'],
      ['c', 'd', 'e'],
      ['b', 'c'],
      ['a', 'b'],
    ]),
  ).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('has each name once where lists contradict each other', () => {
  expect(
    commonOrder([
      ['a', 'b', 'c'],
      ['c', 'b'],
    ]),
  ).toEqual(['a', 'b', 'c']);
  expect(commonOrder([])).toEqual([]);
});
