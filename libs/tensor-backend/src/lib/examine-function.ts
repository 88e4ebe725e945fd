import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors } from '@winnow/plugin-api';
import { multiplyAddsOf } from './multiply-adds.ts';
import { noGradient } from './no-gradient.ts';
import { type TapeNode, dependants, recordTape } from './tape.ts';

export interface Examination {
  /** Of what the function makes of the input. */
  readonly shape: readonly number[];
  /** By parameter, its share of the multiply-adds of convolutions and matrix products with what depends on the input. */
  readonly multiplyAdds: ReadonlyMap<string, number>;
  /** Parameters that the value does not depend on. */
  readonly unused: readonly string[];
}

/** The ids of what the value depends on. */
function ancestors(tape: readonly TapeNode[], value: tf.Tensor): Set<number> {
  const known = new Set([value.id]);
  for (const { inputs, outputs } of tape.toReversed()) {
    if (outputs.some(({ id }) => known.has(id)))
      for (const input of Object.values(inputs)) known.add(input.id);
  }
  return known;
}

/** Throws NO_GRADIENT; that of a convolution finds out when it is called, by the attributes. */
function tryGradient({ kernelName, gradient, outputs }: TapeNode): void {
  if (!gradient) throw noGradient(kernelName);
  gradient(outputs.map(() => null));
}

/**
 * Runs a function of parameters and an input once, and reads off its ops what it does with each parameter. Throws
 * NO_GRADIENT where an op on the way from a parameter to the value has no gradient.
 */
export function examineFunction(
  compute: (parameters: NamedTensors, input: tf.Tensor) => tf.Tensor,
  parameters: NamedTensors,
  input: tf.Tensor,
): Examination {
  // A copy, since the value may be one of the parameters.
  const { value, tape } = recordTape(() => tf.clone(compute(parameters, input)));
  const matters = ancestors(tape, value);
  const ofInput = dependants(tape, [input]);
  const ofAny = dependants(tape, Object.values(parameters));
  const touches = (ids: ReadonlySet<number>) => (tensor: tf.Tensor) => ids.has(tensor.id);
  const onTheWay = tape.filter(
    ({ inputs, outputs }) =>
      outputs.some(touches(matters)) && Object.values(inputs).some(touches(ofAny)),
  );
  try {
    tf.tidy(() => onTheWay.forEach(tryGradient));
  } finally {
    tf.dispose([value, ...tape.flatMap(({ saved }) => saved)]);
  }
  const multiplyAdds = new Map<string, number>();
  for (const [name, parameter] of Object.entries(parameters)) {
    const made = dependants(tape, [parameter]);
    const own = onTheWay.filter(({ inputs }) => {
      const all = Object.values(inputs);
      const weights = all.filter((x) => made.has(x.id) && !ofInput.has(x.id));
      return weights.length > 0 && all.some(touches(ofInput));
    });
    const count = own.reduce(
      (sum, { kernelName, inputs, outputs }) =>
        sum + (multiplyAddsOf(kernelName, { inputs, attrs: {}, output: outputs[0]!.shape }) ?? 0),
      0,
    );
    multiplyAdds.set(name, count);
  }
  const unused = Object.keys(parameters).filter((name) => !matters.has(parameters[name]!.id));
  return { shape: value.shape, multiplyAdds, unused };
}
