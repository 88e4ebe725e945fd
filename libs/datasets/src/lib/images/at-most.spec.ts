import { expect, it } from '@jest/globals';
import { atMost } from './at-most.ts';

it('keeps to its number, in order, also after failures', async () => {
  const limited = atMost(3);
  const [order, underWay]: [number[], number[]] = [[], []];
  let now = 0;
  const work = async (i: number) => {
    order.push(i);
    underWay.push(++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    if (i % 2) throw new Error(`odd ${i}`);
    return i;
  };
  const all = Array.from({ length: 10 }, (_, i) => limited(() => work(i)));
  const outcomes = await Promise.allSettled(all);
  expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(Math.max(...underWay)).toBe(3);
  expect(outcomes.map(({ status }) => status === 'fulfilled')).toEqual(
    order.map((i) => i % 2 === 0),
  );
});
