import { expect, it } from '@jest/globals';
import { defineObjective } from '@winnow/plugin-api';
import * as z from 'zod';
import { storedName } from './stored-objectives.ts';

it('keeps a value under one name, in whatever order options are given', () => {
  const focal = defineObjective({
    name: 'focal',
    summary: '',
    options: z.strictObject({
      gamma: z.number().default(2),
      weights: z.record(z.string(), z.number()).default({}),
    }),
    lossScale: 1,
    stationaryAtDense: false,
    evaluate: () => {
      throw new Error('Not called here.');
    },
  });
  const one = storedName(focal.configure({ weights: { a: 1, b: 2 }, gamma: 2 }));
  expect(one).toBe('focal {"gamma":2,"weights":{"a":1,"b":2}}');
  expect(storedName(focal.configure({ weights: { b: 2, a: 1 } }))).toBe(one);
});
