import * as tf from '@tensorflow/tfjs-core';
import {
  type ImageShape,
  type Initializer,
  type NamedTensors,
  type Network,
  type ParameterSpec,
  WinnowError,
} from '@winnow/plugin-api';
import { examineFunction } from '@winnow/tensor-backend';
import { ActivationNames } from './activation-names.ts';
import {
  type OwnParameters,
  type ShapedParameter,
  type TensorsOf,
  checkParameters,
  initializerOf,
  standIn,
} from './own-parameters.ts';

/**
 * Shows an activation [batch, …] to whoever watches, and returns it. Its name is `activation1`, `activation2` … where none
 * is given, and made unlike the names before it by a number.
 */
export type Capture = <T extends tf.Tensor>(activation: T, name?: string) => T;

/** Named parameters and images [batch, height, width, channels] → logits [batch, classes]. */
export type NetworkFunction<P extends { readonly [K in keyof P]: tf.Tensor }> = (
  parameters: P,
  images: tf.Tensor4D,
  capture: Capture,
) => tf.Tensor;

export interface NetworkFunctionOptions {
  readonly input: ImageShape;
  /** `own model` when left out; a ticket remembers it. */
  readonly name?: string;
  /** Which parameters tickets are for; kernels and matrices (two axes or more) when left out. */
  readonly prunable?: (name: string, shape: readonly number[]) => boolean;
  /**
   * Where kernels and matrices count their inputs and outputs: last as in TensorFlow, [height, width, in, out] and [in, out]
   * (when left out), or first as in PyTorch, [out, in, height, width] and [out, in]. Only the census of dead channels reads it.
   */
  readonly layout?: 'channels-last' | 'channels-first';
  /**
   * How `initialize` draws parameters anew, by name. Left out: as their shapes say; of tensors, what is one number all over
   * stays that, and all else is N(0, its mean square).
   */
  readonly initializers?: Readonly<Record<string, Initializer>>;
}

const EXAMPLES = 2;

function badModel(name: string, problem: string): WinnowError {
  return new WinnowError('BAD_MODEL', `The function of "${name}" ${problem}.`, {
    hint: 'It must make logits [batch, classes] of the images and of every parameter that it is called with.',
  });
}

function checkInput(name: string, input: ImageShape | undefined): void {
  const { height, width, channels } = input ?? {};
  if ([height, width, channels].every((n) => Number.isInteger(n) && n! > 0)) return;
  throw new WinnowError(
    'BAD_MODEL',
    `The images of "${name}" have no height, width and channels.`,
    {
      hint: 'Give `input` as { height, width, channels }, such as that of a data set.',
    },
  );
}

function finallyDispose<T>(tensors: tf.TensorContainer, work: () => T): T {
  try {
    return work();
  } finally {
    tf.dispose(tensors);
  }
}

function checkBackend(model: string): void {
  if (tf.getBackend()) return;
  throw new WinnowError(
    'BACKEND_NOT_STARTED',
    `The function of "${model}" is run to make its network, and no backend is started.`,
    {
      hint: "Before that, `await startBackend('auto', backendsHere())`, both of @winnow/tensor-backend.",
    },
  );
}

/**
 * The network that is someone's own TensorFlow.js function of named parameters, in whatever layout they have: tickets are
 * masks of their shapes, multiplied in before the function sees them. The parameters given, tensors or shapes, serve for
 * names and shapes; the function is run once, on a backend that @winnow/tensor-backend has started, to count what each
 * weight costs. Normalisation is the function's own. What it passes to `capture` are the features that the objective
 * `feature` compares; it has no `synapticFlow` and no `graph`. Throws BACKEND_NOT_STARTED, BAD_MODEL, NO_GRADIENT.
 */
export function networkOf<const P extends OwnParameters<P>>(
  compute: NetworkFunction<TensorsOf<P>>,
  ownParameters: P,
  {
    input,
    name: model = 'own model',
    prunable = (_, shape) => shape.length > 1,
    layout = 'channels-last',
    initializers = {},
  }: NetworkFunctionOptions,
): Network {
  checkInput(model, input);
  const parameters = ownParameters as Readonly<Record<string, tf.Tensor | ShapedParameter>>;
  checkParameters(model, parameters, initializers);
  checkBackend(model);
  const names = Object.keys(parameters);
  const run = (given: NamedTensors, images: tf.Tensor4D, capture: Capture): tf.Tensor2D => {
    const logits = compute(given as unknown as TensorsOf<P>, images, capture);
    if (logits instanceof tf.Tensor && logits.rank === 2) return logits as tf.Tensor2D;
    const what = logits instanceof tf.Tensor ? `shape [${logits.shape.join(', ')}]` : typeof logits;
    throw badModel(model, `returned ${what} where logits [batch, classes] were expected`);
  };
  const unseen: Capture = (activation) => activation;
  // Other tensors than those that were given, so that a function which reads those from outside is seen to.
  const { images, copies } = tf.tidy(() => ({
    images: tf.ones<tf.Rank.R4>([EXAMPLES, input.height, input.width, input.channels]),
    copies: Object.fromEntries(names.map((name) => [name, standIn(parameters[name]!)])),
  }));
  const examine = () =>
    examineFunction((given, x) => run(given, x as tf.Tensor4D, unseen), copies, images);
  const { shape, multiplyAdds, unused } = finallyDispose([images, copies], examine);
  const [rows, classes] = shape as [number, number];
  if (rows !== EXAMPLES) throw badModel(model, `made ${rows} rows of logits of ${EXAMPLES} images`);
  if (unused.length > 0) throw badModel(model, `makes no use of "${unused[0]}"`);

  const specs = names.map((name): ParameterSpec => {
    const parameter = parameters[name]!;
    const { shape } = parameter;
    const size = shape.reduce((product, n) => product * n, 1);
    const rank = shape.length;
    const inAndOut = layout === 'channels-last' && rank > 1;
    return {
      name,
      shape,
      prunable: prunable(name, shape),
      initializer: initializers[name] ?? initializerOf(parameter),
      // A weight that is in no convolution or product is taken to be used once.
      usesPerImage: multiplyAdds.get(name)! / (EXAMPLES * size) || 1,
      ...(inAndOut ? { axes: { inputs: rank - 2, outputs: rank - 1 } } : {}),
    };
  });
  if (!specs.some((spec) => spec.prunable)) throw badModel(model, 'has no prunable parameter');
  return {
    name: model,
    input,
    classes,
    parameters: specs,
    forward(given, images, { mask, capture } = {}) {
      const own = Object.fromEntries(
        names.map((name) => {
          const parameter = given[name];
          if (!parameter) throw new Error(`The parameter "${name}" was not given.`);
          return [name, mask?.[name] ? tf.mul(parameter, mask[name]) : parameter];
        }),
      );
      const activations = new ActivationNames();
      let unnamed = 0;
      return run(own, images, (activation, name = `activation${++unnamed}`) => {
        capture?.(activation, activations.unique(name));
        return activation;
      });
    },
  };
}
