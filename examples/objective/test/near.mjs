import assert from 'node:assert/strict';

/**
 * To six digits.
 *
 * @param {number | undefined} actual
 * @param {number} expected
 */
export function near(actual, expected) {
  const error = Math.abs(Number(actual) - expected);
  assert.ok(error <= 1e-6 * (1 + Math.abs(expected)), `${actual} where ${expected} is due`);
}
