import { type Scalar, Tensor } from '@tensorflow/tfjs-core';
import {
  type Batch,
  type NamedTensors,
  type Network,
  type Objective,
  type ObjectiveInput,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { denseView, sparseView } from './network-view.ts';

/**
 * What an objective reads for one batch: the dense side is computed when it is first asked for and shared by all masks
 * that are tried on the batch. Its parameters are the sparse side's unless others are given. Call it, and what it returns, within one `tf.tidy`. Throws BAD_OBJECTIVE.
 */
export function objectiveOn(
  network: Network,
  parameters: NamedTensors,
  batch: Batch,
  denseParameters: NamedTensors = parameters,
): (objective: Objective, mask: NamedTensors | undefined) => Scalar {
  const dense = denseView(network, denseParameters, batch);
  const prunable = network.parameters.filter((p) => p.prunable).map((p) => p.name);
  return (objective, mask) => {
    const sparse = sparseView(network, parameters, batch, mask);
    const input: ObjectiveInput = { batch, sparse, dense, prunable };
    const value = objective.evaluate(input);
    if (!(value instanceof Tensor) || value.rank !== 0) {
      throw new WinnowError(
        'BAD_OBJECTIVE',
        `Objective "${objective.name}"${ofPlugin(objective)} returned ${value instanceof Tensor ? `a tensor of shape [${value.shape.join(', ')}]` : String(value)}.`,
        { hint: 'Its evaluate() must return a scalar, such as a mean over the batch.' },
      );
    }
    return value as Scalar;
  };
}
