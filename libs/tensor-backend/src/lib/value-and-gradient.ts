import * as tf from '@tensorflow/tfjs-core';
import { independent, noGradient } from './no-gradient.ts';
import { type TapeNode, dependants, recordTape, withinGradient } from './tape.ts';

/** The slopes of a node's inputs by these names, each the walk's own to dispose; what else it made goes. */
function slopesOf(
  gradient: (dys: (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>,
  dys: (tf.Tensor | null)[],
  names: readonly string[],
): tf.Tensor[] {
  return tf.tidy(() => {
    const towards = gradient(dys);
    const taken = new Set<tf.Tensor>();
    return names.map((name) => {
      const slope = tf.tidy(() => towards[name]!());
      // It may be of before: saved by the node, say.
      const isNew = slope.scopeId === tf.engine().state.activeScope?.id && !taken.has(slope);
      const own = isNew ? slope : tf.clone(slope);
      taken.add(own);
      return own;
    });
  });
}

/** Walks the tape backwards; each node's saved tensors and incoming gradients go as soon as it has been passed. */
function backward(tape: TapeNode[], value: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const known = dependants(tape, [x]);
  const slopes = new Map<number, tf.Tensor>([[value.id, tf.onesLike(value)]]);
  const collect = (input: tf.Tensor, slope: tf.Tensor) => {
    const before = slopes.get(input.id);
    slopes.set(input.id, before ? tf.add(before, slope) : slope);
    if (before) tf.dispose([before, slope]);
  };
  // A node stays on the tape until it has been passed: where its gradient throws, the caller disposes what it saved.
  for (let node = tape.at(-1); node; tape.pop(), node = tape.at(-1)) {
    const dys = node.outputs.map((output) => slopes.get(output.id) ?? null);
    const wanted = Object.entries(node.inputs).filter(([, input]) => known.has(input.id));
    if (wanted.length > 0 && dys.some((dy) => dy)) {
      if (!node.gradient) throw noGradient(node.kernelName);
      const names = wanted.map(([name]) => name);
      const found = slopesOf(node.gradient, dys, names);
      for (const [i, [, input]] of wanted.entries()) collect(input, found[i]!);
    }
    for (const output of node.outputs) {
      const slope = slopes.get(output.id);
      if (slope && output.id !== x.id) {
        slopes.delete(output.id);
        slope.dispose();
      }
    }
    for (const tensor of node.saved) tensor.dispose();
  }
  const gradient = slopes.get(x.id);
  if (!gradient) throw independent();
  return gradient;
}

/**
 * `tf.valueAndGrad` of a scalar function of one vector, in about half of its memory: TensorFlow.js keeps every activation
 * and every gradient until the last is done. Inside another gradient, whose tape needs them, it is left to do so.
 * Throws NO_GRADIENT.
 */
export function valueAndGradient(
  f: (x: tf.Tensor1D) => tf.Tensor,
  x: tf.Tensor1D,
): { value: tf.Tensor; gradient: tf.Tensor1D } {
  if (withinGradient()) {
    const { value, grad } = tf.valueAndGrad((input) => f(input as tf.Tensor1D))(x);
    return { value, gradient: grad as tf.Tensor1D };
  }
  const { value, tape } = recordTape(() => f(x));
  try {
    return { value, gradient: tf.tidy(() => backward(tape, value, x)) as tf.Tensor1D };
  } catch (error) {
    tf.dispose([value, ...tape.flatMap(({ saved }) => saved)]);
    throw error;
  }
}
