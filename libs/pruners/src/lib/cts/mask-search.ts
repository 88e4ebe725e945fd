import * as tf from '@tensorflow/tfjs-core';
import { Packing } from '@winnow/models';
import {
  type EvaluationSetting,
  ObjectivePrograms,
  objectiveGradient,
  objectiveOn,
} from '@winnow/objectives';
import type { NamedTensors, Network, Objective, RandomStreams } from '@winnow/plugin-api';
import {
  type Direction,
  type Reading,
  type Scalar,
  type Vector,
  readingOf,
  uniformTensor,
  vectors,
} from '@winnow/tensor-backend';
import { Adam } from './adam.ts';
import { batchParts } from './batch-parts.ts';
import { relax } from './relaxed-mask.ts';
import type { SearchEnd } from './settlement.ts';
import type { SparsityControl } from './sparsity-control.ts';

export interface SearchSetting {
  readonly network: Network;
  readonly parameters: NamedTensors;
  readonly objective: Objective;
  readonly control: SparsityControl;
  /** By prunable parameter: the part of its weights that the mask is to keep, where its logits begin. */
  densityOf(parameter: string): number;
  /** Of the masks' noise, by the stream `mask-noise`, and of the objective. */
  readonly random: RandomStreams;
  /** Relaxed masks of a step, each for its part of the batch (see `batchParts`); 1 when left out. */
  readonly masks?: number | undefined;
}

export interface SearchStep {
  /** R, and what the objective reports beside it: means over the step's masks, as is the norm. */
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
    const { network, parameters, objective } = setting;
    this.#programs = ObjectivePrograms.of(network, parameters, [objective]);
  }

  /** R, its terms and ∇_α R under one relaxed mask. */
  #underOneMask(on: SearchedBatch, draw: number) {
    const { network, parameters, objective, random } = this.#setting;
    const { prunable, logits } = this;
    const programs = this.#programs;
    const uniforms = uniformTensor(random('mask-noise'), prunable.size, draw);
    const denseLogits = programs?.dense;
    const evaluate = objectiveOn({ network, parameters, random, denseLogits, ...on });
    return objectiveGradient(
      objective,
      network,
      (alpha) => {
        const mask = relax(alpha, uniforms);
        const sparse = programs?.sparse(tf.mul(mask, programs.weights));
        return evaluate(objective, prunable.unpack(mask), sparse);
      },
      logits.tensor(),
    );
  }

  /**
   * The means over the step's masks of R, of its terms, of ‖∇_α R‖₂ and, into the gradient, of ∇_α R: as the authors'
   * processes average theirs.
   */
  #differentiate(on: SearchedBatch) {
    const { masks = 1 } = this.#setting;
    const make = vectors();
    const { from, of, over, plus, root } = make.scalars;
    const mean = (values: Scalar[]) => {
      const sum = values.reduce(plus);
      return values.length === 1 ? sum : over(sum, of(values.length));
    };
    const gradient = this.#gradient;
    const found = batchParts(on, masks).map((part, i) => {
      const one = this.#underOneMask({ ...on, ...part }, on.step * masks + i);
      gradient.assign(one.gradient);
      return { ...one, norm: root(make.squares(gradient)) };
    });
    if (found.length > 1) {
      const sum = found.map((one) => one.gradient).reduce((a, b) => tf.add(a, b));
      gradient.assign(tf.div(sum, found.length));
    }
    const terms = Object.keys(found[0]!.terms).map((name) => {
      const each = found.map((one) => from(one.terms[name]!));
      return [name, mean(each)] as const;
    });
    return {
      value: mean(found.map(({ value }) => from(value))),
      terms: Object.fromEntries(terms),
      norm: mean(found.map(({ norm }) => norm)),
    };
  }

  /** How the search stands after so many steps, by what is saved of it. */
  ending(rate: number, steps: number): SearchEnd {
    const { control } = this.#setting;
    const { size } = this.prunable;
    const drift = this.adam.drift(rate, steps);
    let [count, rise, slopes] = [0, 0, 0];
    for (const [i, logit] of this.logits.read().entries()) {
      const on = 1 / (1 + Math.exp(-logit));
      const slope = on * (1 - on);
      count += on;
      rise += slope * drift[i]!;
      slopes += slope ** 2;
    }
    const squares = this.adam.mean.read().reduce((sum, m) => sum + m ** 2, 0);
    const weight = (100 * Math.abs(control.lambda ?? 0)) / (control.targetDensity * size);
    return {
      density: count / size,
      pull: weight * Math.sqrt(slopes / squares),
      rise: rise / size,
    };
  }

  /** One step along ∇_α(cR) + λ ∇_α S; sums are in float64 on the host, where float32 would lose count. */
  step(on: SearchedBatch, rate: number): Reading<SearchStep> {
    const { objective, control } = this.#setting;
    const { logits, prunable } = this;
    const [gradient, direction] = [this.#gradient, this.#direction];
    const make = vectors();
    const { of, over, plus, root, times, read } = make.scalars;
    const { lossScale } = objective;
    const { size } = prunable;
    let termNames: string[] = [];
    let reading: Reading<number[]> | undefined;
    // Nothing is returned from the tidy, which would search an array for tensors, number by number.
    tf.tidy(() => {
      const { value, terms, norm } = this.#differentiate(on);
      // ∇_α S = 100 / (κ'd) · σ(α)(1 − σ(α))
      const scale = 100 / (control.targetDensity * size);
      const density = over(make.expectedCount(logits, scale, direction), of(size));
      const excess = plus(over(density, of(control.targetDensity)), of(-1));
      const sparsityError = times(of(100), excess);
      const gradientNorm = times(of(Math.abs(lossScale)), norm);
      const sparsityNorm = root(make.squares(direction));
      const lambda = control.weigh(gradientNorm, sparsityNorm, sparsityError, rate);
      make.combine(direction, lambda, gradient, lossScale);
      this.adam.step(logits, direction, rate, on.step + 1);
      termNames = Object.keys(terms);
      const told = [value, gradientNorm, lambda, sparsityError, density];
      reading = read([...told, ...Object.values(terms)]);
    });
    return readingOf(
      reading!,
      ([value, gradientNorm, lambda, sparsityError, density, ...rest]) => ({
        value: value!,
        terms: Object.fromEntries(termNames.map((name, i) => [name, rest[i]!])),
        gradientNorm: gradientNorm!,
        lambda: lambda!,
        sparsityError: sparsityError!,
        density: density!,
      }),
    );
  }

  dispose(): void {
    this.#programs?.dispose();
    this.#setting.control.dispose();
    for (const held of [this.logits, this.adam, this.#gradient, this.#direction]) held.dispose();
  }
}
