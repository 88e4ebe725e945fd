import * as tf from '@tensorflow/tfjs-core';
import {
  type Batch,
  type BatchViews,
  type NamedTensors,
  type Network,
  type Objective,
  type RandomStreams,
  WinnowError,
  isWinnowError,
  ofPlugin,
  prunableOf,
} from '@winnow/plugin-api';
import { randomStreams, valueAndGradient } from '@winnow/tensor-backend';
import { type Logits, denseView, once, sparseView } from './network-view.ts';

/** What objectives are evaluated on. */
export interface EvaluationSetting {
  readonly network: Network;
  /** Of the sparse network. */
  readonly parameters: NamedTensors;
  readonly batch: Batch;
  /** Those of the sparse network when left out. */
  readonly denseParameters?: NamedTensors;
  /** Of the dense network, in place of its ops; see `ObjectivePrograms`. */
  readonly denseLogits?: Logits | undefined;
  /** Of the search; 0 when left out, as is `epoch`. */
  readonly step?: number;
  readonly epoch?: number;
  /** Seed 0 when left out. */
  readonly random?: RandomStreams;
  /** For objectives that need a held-out batch. */
  readonly heldOut?: Batch | undefined;
  /** For objectives that need the next batch. */
  readonly next?: Batch | undefined;
}

/** An objective's value, and what it reports beside it. */
export interface Evaluated {
  readonly value: tf.Scalar;
  readonly terms: Readonly<Record<string, tf.Scalar>>;
}

function badObjective(objective: Objective, problem: string, hint: string): WinnowError {
  return new WinnowError(
    'BAD_OBJECTIVE',
    `Objective "${objective.name}"${ofPlugin(objective)} ${problem}.`,
    { hint },
  );
}

function scalar(objective: Objective, value: unknown, term?: string): tf.Scalar {
  if (value instanceof tf.Tensor && value.rank === 0) return value as tf.Scalar;
  const shown =
    value instanceof tf.Tensor
      ? `a tensor of shape [${(value as tf.Tensor).shape.join(', ')}]`
      : value instanceof Promise
        ? 'a promise, which no gradient can be taken of'
        : String(value);
  throw badObjective(
    objective,
    `returned ${shown}${term === undefined ? '' : ` as its term "${term}"`}`,
    'Its evaluate() must return a scalar, such as a mean over the batch, or { value, terms } of scalars.',
  );
}

/**
 * Evaluates objectives on one batch: the dense sides are computed when they are first asked for and shared by all masks and
 * objectives that are tried. `sparseLogits` are those under the mask, in place of ops. Call it, and what it returns, within
 * one `tf.tidy`. Throws BAD_OBJECTIVE.
 */
export function objectiveOn(
  setting: EvaluationSetting,
): (objective: Objective, mask: NamedTensors | undefined, sparseLogits?: Logits) => Evaluated {
  const { network, parameters, batch, denseParameters = parameters, step = 0, epoch = 0 } = setting;
  const denseOn = (own: Batch) => denseView(network, denseParameters, own, setting.denseLogits);
  const dense = denseOn(batch);
  const second = {
    'held-out-batch': { own: setting.heldOut, dense: setting.heldOut && denseOn(setting.heldOut) },
    'next-batch': { own: setting.next, dense: setting.next && denseOn(setting.next) },
  };
  const prunable = prunableOf(network).map(({ name }) => name);
  return (objective, mask, sparseLogits) => {
    const sparseOn = (own: Batch) => sparseView(network, parameters, own, mask, sparseLogits);
    const secondBatch = (need: keyof typeof second) => (): BatchViews => {
      if (!objective.needs.includes(need)) {
        throw badObjective(
          objective,
          'asks for a second batch without saying so',
          `Its needs must name "${need}".`,
        );
      }
      const { own, dense } = second[need];
      if (own && dense) return { batch: own, sparse: sparseOn(own), dense };
      throw badObjective(
        objective,
        'needs a second batch, and got none',
        `Its needs name "${need}": give objectiveOn one, which \`secondBatches\` of @winnow/pruners reads for a search.`,
      );
    };
    const result = objective.evaluate({
      network,
      parameters,
      mask,
      prunable,
      batch,
      sparse: sparseOn(batch),
      dense,
      step,
      epoch,
      get random() {
        return (setting.random ?? randomStreams(0))(`objective-${objective.name}`);
      },
      heldOut: once(secondBatch('held-out-batch')),
      next: once(secondBatch('next-batch')),
    });
    if (typeof result !== 'object' || result === null || !('value' in result))
      return { value: scalar(objective, result), terms: {} };
    const terms = Object.entries(result.terms ?? {}).map(
      ([name, term]) => [name, scalar(objective, term, name)] as const,
    );
    return { value: scalar(objective, result.value), terms: Object.fromEntries(terms) };
  };
}

const inFloat32 = (term: tf.Scalar) => tf.cast(term, 'float32');

/** What is found of a function that ends in an objective, where the backend computes. */
export interface ObjectiveGradient extends Evaluated {
  /** Of the value; in the vector's shape. */
  readonly gradient: tf.Tensor1D;
}

/**
 * Value, terms and gradient of a function of one vector that ends in an objective of a network. Call it within one
 * `tf.tidy`. Throws NO_GRADIENT, naming both.
 */
export function objectiveGradient(
  objective: Objective,
  network: Network,
  f: (x: tf.Tensor1D) => Evaluated,
  x: tf.Tensor1D,
): ObjectiveGradient {
  let names: string[] = [];
  // Beyond the function, whose tensors go as soon as its gradient is known.
  let kept: tf.Tensor | undefined;
  try {
    const { value, gradient } = valueAndGradient((at) => {
      const evaluated = f(at);
      names = Object.keys(evaluated.terms);
      if (names.length > 0) kept = tf.keep(tf.stack(Object.values(evaluated.terms).map(inFloat32)));
      return evaluated.value;
    }, x);
    const terms = kept ? tf.unstack(kept) : [];
    return {
      value: value as tf.Scalar,
      terms: Object.fromEntries(names.map((name, i) => [name, terms[i] as tf.Scalar])),
      gradient,
    };
  } catch (cause) {
    if (!isWinnowError(cause) || cause.code !== 'NO_GRADIENT') throw cause;
    throw new WinnowError(
      cause.code,
      `Objective "${objective.name}"${ofPlugin(objective)} on ${network.name}${ofPlugin(network)} cannot be differentiated: ${cause.sentence}`,
      { hint: cause.message.slice(cause.sentence.length + 1), cause },
    );
  } finally {
    kept?.dispose();
  }
}

export interface Differentiated {
  readonly value: number;
  /** What the objective reports beside its value, as it names it. */
  readonly terms: Readonly<Record<string, number>>;
  /** Of the value; in the vector's shape. */
  readonly gradient: tf.Tensor1D;
}

/** `objectiveGradient` with its numbers read. Call it within one `tf.tidy`. Throws NO_GRADIENT. */
export function differentiateObjective(
  ...given: Parameters<typeof objectiveGradient>
): Differentiated {
  const { value, terms, gradient } = objectiveGradient(...given);
  const names = Object.keys(terms);
  // One read for all numbers.
  const [first, ...rest] = tf.stack([value, ...Object.values(terms)]).dataSync();
  return {
    value: first!,
    terms: Object.fromEntries(names.map((name, i) => [name, rest[i]!])),
    gradient,
  };
}
