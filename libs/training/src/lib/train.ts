import { TrainingOrder } from '@winnow/data';
import { Packing } from '@winnow/models';
import {
  type Checkpoints,
  type ImageSource,
  type Network,
  type ProgressReport,
  type RandomStreams,
  WinnowError,
  ofPlugin,
} from '@winnow/plugin-api';
import { readingOf } from '@winnow/tensor-backend';
import { LOWER_THE_RATE } from './lower-the-rate.ts';
import { type TrainingRecipe, learningRateAt } from './recipe.ts';
import { steps } from './steps.ts';
import { Trainee } from './trainee.ts';

/** Where training is after an epoch. */
export interface EpochDone {
  /** Of the recipe that are done, from its first. */
  readonly epochs: number;
  /** Steps since `fromEpoch`. */
  readonly step: number;
  /** All parameters as they are now, packed. */
  readonly read: () => Float32Array;
}

export interface TrainingJob {
  readonly network: Network;
  readonly source: ImageSource;
  readonly recipe: TrainingRecipe;
  readonly random: RandomStreams;
  /** All parameters in order, packed; trained in place. */
  readonly parameters: Float32Array;
  /** One entry a parameter; see `SgdSetting`. */
  readonly mask?: Uint8Array | undefined;
  /** The recipe's epoch to begin at, and the one to end before. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly checkpoints: Checkpoints;
  /** See `StepWork`. */
  readonly savesEnd?: boolean;
  readonly signal: AbortSignal;
  progress(report: ProgressReport): void;
  /** Awaited after each epoch. Where it throws the state is saved first, and it is asked again when training goes on. */
  readonly afterEpoch?: ((done: EpochDone) => Promise<void>) | undefined;
}

/**
 * Trains in place, resuming from the checkpoint if there is one, to the same bits as without the interruption.
 * Throws LOSS_NOT_FINITE; INTERRUPTED, or what the source threw, after the state was saved.
 */
export async function train(job: TrainingJob): Promise<void> {
  const { network, source, recipe, random, checkpoints, signal, fromEpoch, afterEpoch } = job;
  const order = new TrainingOrder(source.length, recipe.batchSize, random('shuffling'));
  const first = fromEpoch * order.stepsPerEpoch;
  const trainee = new Trainee(
    network,
    new Packing(network.parameters),
    job.parameters,
    job.mask,
    recipe,
  );
  const { parameters, velocity } = trainee;
  try {
    for await (const { step, batch, reportLater } of steps({
      source,
      order,
      checkpoints,
      savesEnd: job.savesEnd ?? false,
      signal,
      input: network.input,
      augmentation: random('augmentation'),
      first,
      end: job.toEpoch * order.stepsPerEpoch,
      epochs: recipe.epochs,
      state: { vectors: { parameters, velocity } },
      progress: (done) => job.progress(done),
      ...(afterEpoch && {
        between: {
          due: (step) => step % order.stepsPerEpoch === 0 && step !== first,
          run: (step) =>
            afterEpoch({
              epochs: step / order.stepsPerEpoch,
              step: step - first,
              read: () => parameters.read(),
            }),
        },
      }),
      subject: `The loss of ${network.name}${ofPlugin(network)}`,
      kind: 'training',
    })) {
      const learningRate = learningRateAt(recipe, step, order.stepsPerEpoch);
      reportLater(
        readingOf(trainee.step(batch, learningRate), ({ loss, gradientNorm }) => ({
          values: { loss, learningRate, gradientNorm },
          loss,
          gradientNorm,
        })),
      );
    }
    job.parameters.set(parameters.read());
    // What the last step did has met no loss yet.
    if (!trainee.isFinite()) {
      throw new WinnowError(
        'LOSS_NOT_FINITE',
        'The last training step left weights that are not finite.',
        { hint: LOWER_THE_RATE },
      );
    }
  } finally {
    trainee.dispose();
  }
}
