import assert from 'node:assert/strict';

/** Asserts that two numbers are the same to six digits. */
export function near(actual: number | undefined, expected: number): void {
  const error = Math.abs(Number(actual) - expected);
  assert.ok(error <= 1e-6 * (1 + Math.abs(expected)), `${actual} where ${expected} is due`);
}
