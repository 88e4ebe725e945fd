import { expect, it } from '@jest/globals';
import { spreadLabels } from './spread-labels.ts';

it('leaves labels with room alone and centres crowds on their wishes', () => {
  expect(spreadLabels([80, 10, 12, 11], 5, [0, 100])).toEqual([80, 6, 16, 11]);
});

it('lets a crowd that grows push its neighbour', () => {
  expect(spreadLabels([10, 10, 13], 4, [0, 100])).toEqual([7, 11, 15]);
});

it('stays within bounds', () => {
  expect(spreadLabels([0, 1, 99, 100], 10, [0, 100])).toEqual([0, 10, 90, 100]);
});
