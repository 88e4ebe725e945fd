import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import {
  type EvaluationSetting,
  ObjectivePrograms,
  differentiateObjective,
  objectiveOn,
} from '@winnow/objectives';
import type { NamedTensors, Network, Objective, RandomStreams } from '@winnow/plugin-api';
import { type Direction, type Vector, vectors } from '@winnow/tensor-backend';
import { Adam } from './adam.ts';
import { relax } from './relaxed-mask.ts';
import type { SparsityControl } from './sparsity-control.ts';

export interface SearchSetting {
  readonly network: Network;
  readonly parameters: NamedTensors;
  readonly objective: Objective;
  readonly control: SparsityControl;
  /** By prunable parameter: the part of its weights that the mask is to keep, where its logits begin. */
  densityOf(parameter: string): number;
  /** Of the mask's noise, by the stream `mask-noise`, and of the objective. */
  readonly random: RandomStreams;
}

export interface SearchStep {
  /** R, and what the objective reports beside it. */
  readonly value: number;
  readonly terms: Readonly<Record<string, number>>;
  /** ‖∇_α cR‖₂ */
  readonly gradientNorm: number;
  /** The λ of this step. */
  readonly lambda: number;
  /** S(α) = 100 · (Σ σ(α) / (κ'd) − 1), in percent of the target κ', before the step. arXiv 2512.07142, §4. */
  readonly sparsityError: number;
  /** Σ σ(α) / d, the expected density, before the step. */
  readonly density: number;
}

/** What a step sees; steps are counted from 0. */
export type SearchedBatch = Pick<EvaluationSetting, 'batch' | 'epoch' | 'heldOut' | 'next'> & {
  readonly step: number;
};

/** A layer that is to keep all or nothing begins this near to it, since the logits of 1 and 0 are infinite. */
const NEAREST = 2 ** -20;

/**
 * The mask logits α of a search, and the step that changes them. Teacher and student are programs where these serve the
 * objective (see `objectiveRoad`), until the search is disposed.
 */
export class MaskSearch {
  readonly logits: Vector;
  readonly adam: Adam;
  readonly prunable: Packing;
  readonly #setting: SearchSetting;
  readonly #gradient: Vector;
  readonly #direction: Direction;
  /** Of the step under way. */
  readonly #noise: Float32Array;
  readonly #programs: ObjectivePrograms | undefined;

  constructor(setting: SearchSetting) {
    this.#setting = setting;
    this.prunable = Packing.prunable(setting.network);
    const { size } = this.prunable;
    const first = new Float32Array(size);
    for (const [name, { data }] of this.prunable.views(first)) {
      const density = Math.min(1 - NEAREST, Math.max(NEAREST, setting.densityOf(name)));
      data.fill(Math.log(density / (1 - density)));
    }
    this.logits = vectors().of(first);
    this.adam = new Adam(size);
    this.#gradient = vectors().zeros(size);
    this.#direction = vectors().direction(size);
    this.#noise = new Float32Array(size);
    const { network, parameters, objective } = setting;
    this.#programs = ObjectivePrograms.of(network, parameters, [objective]);
  }

  /** R, its terms, and into the gradient ∇_α R, under the one relaxed mask of this step. */
  #differentiate(on: SearchedBatch): Pick<SearchStep, 'value' | 'terms'> {
    const { network, parameters, objective, random } = this.#setting;
    const { prunable, logits } = this;
    const programs = this.#programs;
    const uniforms = random('mask-noise').uniforms(prunable.size, on.step, this.#noise);
    // Nothing is returned from the tidy, which would search an array for tensors, number by number.
    let found: Pick<SearchStep, 'value' | 'terms'> | undefined;
    tf.tidy(() => {
      const denseLogits = programs?.dense;
      const evaluate = objectiveOn({ network, parameters, random, denseLogits, ...on });
      const { value, terms, gradient } = differentiateObjective(
        objective,
        network,
        (alpha) => {
          const mask = relax(alpha, uniforms);
          const sparse = programs?.sparse(tf.mul(mask, programs.weights));
          return evaluate(objective, prunable.unpack(mask), sparse);
        },
        logits.tensor(),
      );
      this.#gradient.assign(gradient);
      found = { value, terms };
    });
    return found!;
  }

  /** Σ σ(α) / d as it is now. */
  expectedDensity(): number {
    return vectors().expectedCount(this.logits, 1, this.#direction) / this.prunable.size;
  }

  /** One step along ∇_α(cR) + λ ∇_α S; sums are in float64, where float32 would lose count. */
  step(on: SearchedBatch, rate: number): SearchStep {
    const { objective, control } = this.#setting;
    const { logits, prunable } = this;
    const [gradient, direction] = [this.#gradient, this.#direction];
    const { size } = prunable;
    const { value, terms } = this.#differentiate(on);
    // ∇_α S = 100 / (κ'd) · σ(α)(1 − σ(α))
    const scale = 100 / (control.targetDensity * size);
    const density = vectors().expectedCount(logits, scale, direction) / size;
    const sparsityError = 100 * (density / control.targetDensity - 1);
    const { lossScale } = objective;
    const gradientNorm = Math.abs(lossScale) * Math.sqrt(vectors().squares(gradient));
    const sparsityNorm = Math.sqrt(vectors().squares(direction));
    const lambda = control.weigh(gradientNorm, sparsityNorm, sparsityError, rate);
    vectors().combine(direction, lambda, gradient, lossScale);
    this.adam.step(logits, direction, rate, on.step + 1);
    return { value, terms, gradientNorm, lambda, sparsityError, density };
  }

  dispose(): void {
    this.#programs?.dispose();
  }
}
