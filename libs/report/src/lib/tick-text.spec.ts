import { expect, it } from '@jest/globals';
import { tickText } from './tick-text.ts';

const three = (value: number) => String(Number(value.toPrecision(3)));

it.each([
  [[2.3, 2.4, 2.5], false, ['2.3', '2.4', '2.5']],
  [[2.302, 2.3025, 2.303], false, ['2.3020', '2.3025', '2.3030']],
  [[-2.3025, -2.302], false, ['−2.3025', '−2.3020']],
  [[123_400, 123_600], false, ['123,400', '123,600']],
  [[0.12341, 0.12343], true, ['12.341 %', '12.343 %']],
  [[2.3025], false, ['2.3']],
] as const)('%j (shares: %j) are told as %j', (ticks, isShare, texts) => {
  expect(ticks.map(tickText(ticks, three, isShare))).toEqual(texts);
});
