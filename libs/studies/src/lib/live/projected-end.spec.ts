import { expect, it } from '@jest/globals';
import { projectedMinutes } from './projected-end.ts';

const cts = (minutes: number) => ({ kind: 'cts', minutes });
const snip = (minutes: number) => ({ kind: 'snip', minutes });

it('goes by runs that are done, of the same kind if there are', () => {
  const done = [cts(30), cts(34), snip(8)];
  const running = [
    { ...cts(12), minutesLeft: 1 }, // 20 left
    { ...snip(2), minutesLeft: 9 }, // 9, since its phase alone needs more than the usual 6
  ];
  // 32, 8 and the mean of all three, 24, of which one has 20 behind it.
  const waiting = [cts(0), snip(0), { kind: 'ltr', minutes: 20 }];
  expect(projectedMinutes({ done, running, waiting })).toBe((20 + 9 + 32 + 8 + 4) / 2);
  // One long run is not divided among two.
  expect(projectedMinutes({ done, running, waiting: [] })).toBe(20);
});

it('does not know before a run is done, or while none is under way', () => {
  const running = [{ ...cts(1), minutesLeft: 1 }];
  expect(projectedMinutes({ done: [], running, waiting: [] })).toBeUndefined();
  expect(projectedMinutes({ done: [cts(1)], running: [], waiting: [cts(0)] })).toBeUndefined();
});
