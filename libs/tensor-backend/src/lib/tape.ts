import * as tf from '@tensorflow/tfjs-core';
import { noGradient } from './no-gradient.ts';

/** One op that was run, as TensorFlow.js records it for gradients. */
export interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[];
  readonly gradient?: (dys: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>;
}

interface Recorder {
  readonly state: { activeTape: TapeNode[] | null; gradientDepth: number };
  scopedRun<T>(start: () => void, end: () => void, run: () => T): T;
  startTape(): void;
  endTape(): void;
}

const recorder = () => tf.engine() as unknown as Recorder;

export function withinGradient(): boolean {
  return recorder().state.gradientDepth > 0;
}

/** TensorFlow.js's own words, where a gradient was taken within `compute`. */
const MISSING = /gradient function not found for (\w+)/;

/**
 * What `compute` makes, and the ops that made it, in order. The caller disposes what they saved. Not to be called within
 * a gradient. Throws NO_GRADIENT.
 */
export function recordTape(compute: () => tf.Tensor): { value: tf.Tensor; tape: TapeNode[] } {
  const engine = recorder();
  try {
    const value = engine.scopedRun(
      () => engine.startTape(),
      () => engine.endTape(),
      () => tf.tidy(compute),
    );
    return { value, tape: engine.state.activeTape ?? [] };
  } catch (error) {
    tf.dispose((engine.state.activeTape ?? []).flatMap(({ saved }) => saved));
    const [, op] = MISSING.exec(String(error)) ?? [];
    throw op === undefined ? error : noGradient(op);
  } finally {
    engine.state.activeTape = null;
  }
}

/** The ids of what depends on any of these tensors, and their own. */
export function dependants(tape: readonly TapeNode[], on: Iterable<tf.Tensor>): Set<number> {
  const known = new Set(Array.from(on, ({ id }) => id));
  for (const { inputs, outputs } of tape) {
    if (Object.values(inputs).some((input) => known.has(input.id)))
      for (const output of outputs) known.add(output.id);
  }
  return known;
}
