import { type Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  type Batch,
  type BatchViews,
  type NamedTensors,
  type Need,
  type Network,
  type Objective,
  type RandomStreams,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { randomStreams } from '@winnow/tensor-backend';
import { denseView, sparseView } from './network-view.ts';

/** What objectives are evaluated on. */
export interface EvaluationSetting {
  readonly network: Network;
  /** Of the sparse network. */
  readonly parameters: NamedTensors;
  readonly batch: Batch;
  /** Those of the sparse network when left out. */
  readonly denseParameters?: NamedTensors;
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
  readonly value: Scalar;
  readonly terms: Readonly<Record<string, Scalar>>;
}

function badObjective(objective: Objective, problem: string, hint: string): WinnowError {
  return new WinnowError(
    'BAD_OBJECTIVE',
    `Objective "${objective.name}"${ofPlugin(objective)} ${problem}.`,
    { hint },
  );
}

function scalar(objective: Objective, value: unknown, term?: string): Scalar {
  if (value instanceof Tensor && value.rank === 0) return value as Scalar;
  const shown =
    value instanceof Tensor
      ? `a tensor of shape [${(value as Tensor).shape.join(', ')}]`
      : String(value);
  throw badObjective(
    objective,
    `returned ${shown}${term === undefined ? '' : ` as its term "${term}"`}`,
    'Its evaluate() must return a scalar, such as a mean over the batch, or { value, terms } of scalars.',
  );
}

/**
 * Evaluates objectives on one batch: the dense side is computed when it is first asked for and shared by all masks and
 * objectives that are tried on the batch. Call it, and what it returns, within one `tf.tidy`. Throws BAD_OBJECTIVE.
 */
export function objectiveOn(
  setting: EvaluationSetting,
): (objective: Objective, mask: NamedTensors | undefined) => Evaluated {
  const { network, parameters, batch, denseParameters = parameters, step = 0, epoch = 0 } = setting;
  const dense = denseView(network, denseParameters, batch);
  const prunable = network.parameters.filter((p) => p.prunable).map((p) => p.name);
  return (objective, mask) => {
    const viewsOf = (own: Batch): BatchViews => ({
      batch: own,
      sparse: sparseView(network, parameters, own, mask),
      dense: denseView(network, denseParameters, own),
    });
    const second = (need: Need, own: Batch | undefined) => () => {
      if (own && objective.needs.includes(need)) return viewsOf(own);
      throw badObjective(
        objective,
        `asks for a second batch without saying so`,
        `Its needs must name "${need}".`,
      );
    };
    const result = objective.evaluate({
      network,
      parameters,
      mask,
      prunable,
      batch,
      sparse: sparseView(network, parameters, batch, mask),
      dense,
      step,
      epoch,
      get random() {
        return (setting.random ?? randomStreams(0))(`objective-${objective.name}`);
      },
      heldOut: second('held-out-batch', setting.heldOut),
      next: second('next-batch', setting.next),
    });
    if (result instanceof Tensor || typeof result !== 'object' || result === null)
      return { value: scalar(objective, result), terms: {} };
    const terms = Object.entries(result.terms ?? {}).map(
      ([name, term]) => [name, scalar(objective, term, name)] as const,
    );
    return { value: scalar(objective, result.value), terms: Object.fromEntries(terms) };
  };
}
