import { expect, it } from '@jest/globals';
import * as z from 'zod';
import { toldIssue } from './told-issue.ts';

it.each<[schema: z.ZodType, value: unknown, told: string]>([
  [z.string().min(1), '', 'is empty'],
  [z.array(z.number()).nonempty(), [], 'is empty'],
  [z.string().min(3), 'ab', 'must have at least 3 characters'],
  [z.string().max(3), 'abcd', 'must have at most 3 characters'],
  [z.string().max(1), 'ab', 'must have at most 1 character'],
  [z.string().length(2), 'a', 'must have exactly 2 characters'],
  [z.array(z.number()).min(2), [1], 'must have at least 2 values'],
  [z.array(z.number()).length(2), [1], 'must have exactly 2 values'],
  [z.array(z.number()).length(2), [1, 2, 3], 'must have exactly 2 values'],
  [z.array(z.number()).max(1), [1, 2], 'must have at most 1 value'],
  [z.set(z.number()).min(2), new Set([1]), 'must have at least 2 values'],
  [z.number().min(1), 0, 'must be at least 1'],
  [z.number().positive(), 0, 'must be more than 0'],
  [z.number().lt(2), 2, 'must be less than 2'],
])('tells a bound by what is counted (%#)', (schema, value, told) => {
  expect(toldIssue(schema.safeParse(value).error!.issues[0]!)).toBe(told);
});
