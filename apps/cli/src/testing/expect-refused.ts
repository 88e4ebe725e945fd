import { expect } from '@jest/globals';
import type { Outcome } from './run-winnow.ts';

/** Expects exit code 1, nothing on standard output, and one error of this code that says so. */
export function expectRefused({ status, stdout, stderr }: Outcome, code: string, problem: RegExp) {
  const errors = stderr.split('\n').filter((line) => line.startsWith('error') || / at /.test(line));
  expect(errors).toEqual([expect.stringMatching(problem)]);
  expect(errors[0]!.startsWith(`error [${code}]: `)).toBe(true);
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
}
