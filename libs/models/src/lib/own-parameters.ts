import * as tf from '@tensorflow/tfjs-core';
import { type Initializer, WinnowError, isInitializer } from '@winnow/plugin-api';

/** A parameter that is yet to be drawn. */
export interface ShapedParameter {
  readonly shape: readonly number[];
  /** What `initialize` draws it from. */
  readonly initializer: Initializer;
}

/** Tensors, or what they are drawn as, by name; an interface that lists them will do. */
export type OwnParameters<P> = { readonly [K in keyof P]: tf.Tensor | ShapedParameter };

interface RankOf {
  readonly 0: tf.Rank.R0;
  readonly 1: tf.Rank.R1;
  readonly 2: tf.Rank.R2;
  readonly 3: tf.Rank.R3;
  readonly 4: tf.Rank.R4;
  readonly 5: tf.Rank.R5;
  readonly 6: tf.Rank.R6;
}

type TensorOf<P> = P extends tf.Tensor
  ? P
  : P extends ShapedParameter
    ? tf.Tensor<P['shape']['length'] extends keyof RankOf ? RankOf[P['shape']['length']] : tf.Rank>
    : tf.Tensor;

/** What a network's function gets for these parameters; of a shape written out, the rank is known. */
export type TensorsOf<P> = { readonly [K in keyof P]: TensorOf<P[K]> };

/** Throws BAD_MODEL. */
export function checkParameters(
  model: string,
  parameters: Readonly<Record<string, Partial<ShapedParameter> | null | undefined>>,
  initializers: Readonly<Record<string, Initializer>>,
): void {
  for (const [name, parameter] of Object.entries(parameters)) {
    const shape: unknown = parameter?.shape;
    const initializer = initializers[name] ?? parameter?.initializer;
    const drawn =
      initializer === undefined ? parameter instanceof tf.Tensor : isInitializer(initializer);
    if (drawn && Array.isArray(shape) && shape.every((n) => Number.isInteger(n) && n > 0)) continue;
    throw new WinnowError(
      'BAD_MODEL',
      `The parameter "${name}" of "${model}" is neither a tensor nor a shape with an initializer.`,
      {
        hint: 'Give a tensor, or one such as { shape: [64, 100], initializer: { kind: "normal", std: 0.1 } }.',
      },
    );
  }
}

/** A tensor in a parameter's shape, which is its copy where there is one. */
export function standIn(parameter: tf.Tensor | ShapedParameter): tf.Tensor {
  return parameter instanceof tf.Tensor ? tf.clone(parameter) : tf.ones([...parameter.shape]);
}

/** What is one number all over stays that; all else is N(0, its mean square). */
export function initializerOf(parameter: tf.Tensor | ShapedParameter): Initializer {
  if (!(parameter instanceof tf.Tensor)) return parameter.initializer;
  const values = parameter.dataSync<'float32'>();
  const value = values[0] ?? 0;
  if (values.every((x) => x === value)) return { kind: 'constant', value };
  const squares = values.reduce((sum, x) => sum + x * x, 0);
  return { kind: 'normal', std: Math.sqrt(squares / values.length) };
}
