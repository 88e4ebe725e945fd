import * as tf from '@tensorflow/tfjs-core';
import type { Batch, NamedTensors, Network, Objective } from '@winnow/plugin-api';
import type { Packing } from '@winnow/models';
import { differentiateObjective, objectiveOn } from '@winnow/objectives';
import { downloadVector, uploadVector } from '@winnow/tensor-backend';
import { relax } from './relaxed-mask.ts';

export interface MaskSample {
  readonly network: Network;
  readonly parameters: NamedTensors;
  readonly batch: Batch;
  /** Packs the prunable parameters; `logits` and `uniforms` have its size. */
  readonly prunable: Packing;
  readonly logits: Float32Array;
  readonly uniforms: Float32Array;
}

/** R and ∇_α R on one batch, under the one relaxed mask that is drawn with `uniforms`. */
export function objectiveGradient(
  objective: Objective,
  { network, parameters, batch, prunable, logits, uniforms }: MaskSample,
): { value: number; gradient: Float32Array } {
  let value = NaN;
  const gradient = new Float32Array(logits.length);
  // Nothing is returned from the tidy, which would search the array for tensors, number by number.
  tf.tidy(() => {
    const evaluate = objectiveOn(network, parameters, batch);
    const result = differentiateObjective(
      objective,
      network,
      (alpha) => evaluate(objective, prunable.unpack(relax(alpha, uniforms))),
      uploadVector(logits),
    );
    value = result.value.dataSync()[0]!;
    downloadVector(result.gradient, gradient);
  });
  return { value, gradient };
}
