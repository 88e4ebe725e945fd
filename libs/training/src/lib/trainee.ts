import * as tf from '@tensorflow/tfjs-core';
import type { Packing } from '@winnow/models';
import type { Batch, Network } from '@winnow/plugin-api';
import {
  type Mask,
  NetworkPrograms,
  type Reading,
  type Scalar,
  type Vector,
  crossEntropy,
  readingOf,
  valueAndGradient,
  vectors,
} from '@winnow/tensor-backend';
import { KeptVector, type StoredVector } from './kept-vector.ts';
import { type SgdSetting, clipsByAll, sgdStep } from './sgd.ts';

/** Parameters [n] and a batch's images → logits. */
type Forward = (parameters: tf.Tensor1D, images: tf.Tensor4D) => tf.Tensor2D;

/** What of a mask programs that train by a recipe may know: nothing where the gradient of all is needed. */
export function knownTo(
  mask: Uint8Array | undefined,
  recipe: Pick<SgdSetting['recipe'], 'name'>,
): Uint8Array | undefined {
  return clipsByAll(recipe) ? undefined : mask;
}

/** Mean cross-entropy of a batch; its gradient goes into `gradient`. Call it within a `tf.tidy`. */
function lossAndGradient(
  forward: Forward,
  parameters: Vector,
  { images, labels }: Batch,
  gradient: Vector,
): Scalar {
  const result = valueAndGradient(
    (vector) => crossEntropy(forward(vector, images), labels),
    parameters.tensor(),
  );
  gradient.assign(result.gradient);
  return vectors().scalars.from(result.value);
}

/** The loss before a step, and the norm of its gradient that is compared with `clipNorm`. */
export interface TrainingStep {
  readonly loss: number;
  readonly gradientNorm: number;
}

/**
 * A network in training: its parameters, their momentum, and the step that changes both, by programs where they serve
 * (see `NetworkPrograms`). Under a mask, programs hold the kept parameters alone. The recipe `authors` clips by the gradient
 * of all, so its programs hold all.
 */
export class Trainee {
  /** All parameters in order, packed; those that the mask removes are 0. */
  readonly parameters: StoredVector;
  readonly velocity: StoredVector;
  readonly #recipe: SgdSetting['recipe'];
  readonly #mask: Mask | undefined;
  readonly #programs: NetworkPrograms | undefined;
  readonly #forward: Forward;
  readonly #state: Readonly<Record<'parameters' | 'velocity' | 'gradient', Vector>>;

  /** `parameters` may be changed in place. */
  constructor(
    network: Network,
    packing: Packing,
    parameters: Float32Array,
    mask: Uint8Array | undefined,
    recipe: SgdSetting['recipe'],
  ) {
    this.#recipe = recipe;
    const known = knownTo(mask, recipe);
    const programs = NetworkPrograms.of(network, known, { differentiable: true });
    this.#programs = programs;
    const make = vectors();
    if (programs && known) {
      const own = new KeptVector(parameters, known);
      const velocity = new KeptVector(new Float32Array(parameters.length), known);
      const gradient = make.zeros(own.kept.size);
      [this.parameters, this.velocity] = [own, velocity];
      this.#state = { parameters: own.kept, velocity: velocity.kept, gradient };
      this.#forward = (kept, images) => programs.forward(kept, images);
      return;
    }
    if (mask) for (let i = 0; i < parameters.length; i++) if (!mask[i]) parameters[i] = 0;
    this.#mask = mask && make.mask(mask);
    const [own, velocity] = [make.of(parameters), make.zeros(parameters.length)];
    [this.parameters, this.velocity] = [own, velocity];
    this.#state = { parameters: own, velocity, gradient: make.zeros(parameters.length) };
    this.#forward = programs
      ? (packed, images) => programs.forward(packed, images)
      : (packed, images) => network.forward(packing.unpack(packed), images);
  }

  /** Whether it is computed by programs. */
  get byProgram(): boolean {
    return this.#programs !== undefined;
  }

  isFinite(): boolean {
    return vectors().isFinite(this.#state.parameters);
  }

  step(batch: Batch, learningRate: number): Reading<TrainingStep> {
    const { parameters, gradient } = this.#state;
    const setting = { mask: this.#mask, learningRate, recipe: this.#recipe };
    let reading: Reading<number[]> | undefined;
    // Nothing is returned from the tidy, which would search an array for tensors, number by number.
    tf.tidy(() => {
      const loss = lossAndGradient(this.#forward, parameters, batch, gradient);
      reading = vectors().scalars.read([loss, sgdStep(this.#state, setting)]);
    });
    return readingOf(reading!, ([loss, gradientNorm]) => ({
      loss: loss!,
      gradientNorm: gradientNorm!,
    }));
  }

  dispose(): void {
    this.#programs?.dispose();
    this.#mask?.dispose();
    for (const vector of Object.values(this.#state)) vector.dispose();
  }
}
