import * as tf from '@tensorflow/tfjs-core';
import type { Packing } from '@winnow/models';
import { type EvaluationSetting, differentiateObjective, objectiveOn } from '@winnow/objectives';
import type { Objective } from '@winnow/plugin-api';
import type { Vector } from '@winnow/tensor-backend';
import { relax } from './relaxed-mask.ts';

/** One relaxed mask on one batch. */
export interface MaskSample extends EvaluationSetting {
  /** Packs the prunable parameters; logits, uniforms and gradient have its size. */
  readonly prunable: Packing;
  readonly logits: Vector;
  readonly uniforms: Float32Array;
  /** Takes ∇_α R. */
  readonly gradient: Vector;
}

/** R, its terms, and into `gradient` ∇_α R on one batch, under the one relaxed mask that is drawn with `uniforms`. */
export function objectiveGradient(
  objective: Objective,
  { prunable, logits, uniforms, gradient, ...setting }: MaskSample,
): { value: number; terms: Readonly<Record<string, number>> } {
  // Nothing is returned from the tidy, which would search an array for tensors, number by number.
  let found: { value: number; terms: Readonly<Record<string, number>> } | undefined;
  tf.tidy(() => {
    const evaluate = objectiveOn(setting);
    const {
      value,
      terms,
      gradient: slope,
    } = differentiateObjective(
      objective,
      setting.network,
      (alpha) => evaluate(objective, prunable.unpack(relax(alpha, uniforms))),
      logits.tensor(),
    );
    gradient.assign(slope);
    found = { value, terms };
  });
  return found!;
}
