import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs-core';
import { COMPONENT_NAME, isComponentName } from '@winnow/plugin-api';

/** One thing that a component must do. */
export interface Check {
  /** Reads on from the component's name: "kl has the gradient that finite differences give". */
  readonly name: string;
  /** Why it does not apply to this component, as a sentence without its stop; left out where it does. */
  readonly skip?: string;
  /** Rejects with an AssertionError that says what the component did instead; does nothing where it is to be skipped. */
  readonly run: () => Promise<void>;
}

/** Throws unless a component has a name that a plugin may give, and a summary. */
export function assertNamed({
  name,
  summary,
}: {
  readonly name: string;
  readonly summary: string;
}): void {
  assert.ok(isComponentName(name), `"${name}" is no name of a component. ${COMPONENT_NAME}`);
  assert.ok(summary.length > 0, 'the summary is empty');
}

/** A check that does not apply. */
export const skipped = (name: string, reason: string): Check => ({
  name,
  skip: reason,
  run: () => Promise.resolve(),
});

/** Which backend the checks of a component compute on. */
export interface OnBackend {
  /** Makes a backend of TensorFlow.js the current one; the backend `wasm` when left out. */
  readonly start?: () => Promise<void>;
}

/** A check whose tensors must all be gone at its end, but for what `compute` disposes later itself. */
export function tensorCheck(
  name: string,
  start: () => Promise<void>,
  compute: () => void | Promise<void>,
): Check {
  return {
    name,
    run: async () => {
      await start();
      const before = tf.memory().numTensors;
      tf.engine().startScope();
      try {
        await compute();
      } finally {
        tf.engine().endScope();
      }
      assert.equal(tf.memory().numTensors, before, 'tensors are left over');
    },
  };
}

/** Rejects unless |actual − expected| ≤ tolerance · (1 + |expected|). */
export function assertNear(
  actual: number,
  expected: number,
  tolerance: number,
  what: string,
): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * (1 + Math.abs(expected)),
    `${what}: ${actual} where ${expected} was expected`,
  );
}
