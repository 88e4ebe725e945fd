import { expect, it } from '@jest/globals';
import { someAtATime } from './some-at-a-time.ts';

const numbers = Array.from({ length: 40 }, (_, i) => i);
const soon = () => new Promise<void>((resolve) => setImmediate(resolve));

it('gives what came of each, in order, of a bounded number at a time', async () => {
  let [under, most] = [0, 0];
  const doubled = await someAtATime(numbers, async (n) => {
    most = Math.max(most, ++under);
    for (let i = 0; i < n % 3; i++) await soon();
    under--;
    return 2 * n;
  });
  expect(doubled).toEqual(numbers.map((n) => 2 * n));
  expect(most).toBe(16);
});

it('begins with no more once one has failed', async () => {
  const begun: number[] = [];
  const work = someAtATime(numbers, async (n) => {
    begun.push(n);
    await soon();
    if (n === 3) throw new Error('taken');
    await soon();
  });
  await expect(work).rejects.toThrow('taken');
  for (let i = 0; i < 5; i++) await soon();
  expect(begun).toHaveLength(16);
});
