import { expect, it } from '@jest/globals';
import { lostLayersNote } from './lost-layers.ts';

const layers = (...kept: number[]) => kept.map((n, i) => ({ name: `l${i}`, kept: n, size: 9 }));

it.each([
  [[1, 9], undefined],
  [[3, 0], 'nothing is kept of l1, and no image reaches the logits through it'],
  [[0, 0, 1, 0], 'nothing is kept of l0, l1 and l3, and no image reaches the logits through them'],
  [
    [0, 0, 0, 0, 0],
    'nothing is kept of l0, l1, l2 and 2 more, and no image reaches the logits through them',
  ],
])('of layers that keep %j says %j', (kept, note) => {
  expect(lostLayersNote(layers(...kept))).toBe(note);
});
