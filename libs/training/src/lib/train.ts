import {
  type Checkpoints,
  type ImageSource,
  type Network,
  type ProgressReport,
  type RandomStreams,
  WinnowError,
  interrupted,
  nextTurn,
  ofPlugin,
} from '@winnow/plugin-api';
import { TrainingOrder, readAhead, toDevice } from '@winnow/data';
import { Packing } from '@winnow/models';
import * as tf from '@tensorflow/tfjs-core';
import { lossAndGradient } from './loss-and-gradient.ts';
import { type TrainingRecipe, learningRateAt } from './recipe.ts';
import { sgdStep } from './sgd.ts';

export interface TrainingJob {
  readonly network: Network;
  readonly source: ImageSource;
  readonly recipe: TrainingRecipe;
  readonly random: RandomStreams;
  /** All parameters in order, packed; trained in place. */
  readonly parameters: Float32Array;
  /** One entry a parameter; see `SgdStep`. */
  readonly mask?: Uint8Array | undefined;
  /** The recipe's epoch to begin at, and the one to end before. */
  readonly fromEpoch: number;
  readonly toEpoch: number;
  readonly checkpoints: Checkpoints;
  readonly signal: AbortSignal;
  progress(report: ProgressReport): void;
}

/**
 * Trains in place, resuming from the checkpoint if there is one, to the same bits as without the interruption.
 * Throws LOSS_NOT_FINITE; INTERRUPTED, or what the source threw, after the state was saved.
 */
export async function train(job: TrainingJob): Promise<void> {
  const { network, source, recipe, parameters, mask } = job;
  const packing = new Packing(network.parameters);
  const order = new TrainingOrder(source.length, recipe.batchSize, job.random('shuffling'));
  const first = job.fromEpoch * order.stepsPerEpoch;
  const end = job.toEpoch * order.stepsPerEpoch;
  let velocity: Float32Array = new Float32Array(parameters.length);
  let step = first;
  const saved = await job.checkpoints.load();
  if (saved) {
    parameters.set(saved.arrays['parameters']!);
    velocity = saved.arrays['velocity']!;
    step = saved.values['step'] as number;
  } else if (mask) {
    for (let i = 0; i < parameters.length; i++) if (!mask[i]) parameters[i] = 0;
  }
  const save = () => job.checkpoints.save({ arrays: { parameters, velocity }, values: { step } });
  const requests = order.requests(step, end, job.random('augmentation'));
  const room = new Float32Array(parameters.length);
  // A file that cannot be read costs no step: the run goes on from here once it is mended.
  for await (const block of readAhead(source, requests, save)) {
    const epoch = order.epochOf(step);
    const batch = toDevice(block, network.input);
    const { loss, gradient } = lossAndGradient(network, packing, parameters, batch, room);
    tf.dispose([batch.images, batch.labels]);
    const learningRate = learningRateAt(recipe, step, order.stepsPerEpoch);
    const gradientNorm = sgdStep({ parameters, gradient, velocity, mask, learningRate, recipe });
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) {
      throw new WinnowError(
        'LOSS_NOT_FINITE',
        `The loss of ${network.name}${ofPlugin(network)} is ${loss} and the gradient's norm ${gradientNorm} at training step ${step} (epoch ${epoch + 1}), with learning rate ${learningRate}.`,
        {
          hint: 'Lower the learning rate; `winnow run` takes --learning-rate, with another --out.',
        },
      );
    }
    step++;
    job.progress({
      step: step - first,
      steps: end - first,
      epoch,
      epochs: recipe.epochs,
      images: block.labels.length,
      values: { loss, learningRate, gradientNorm },
    });
    await nextTurn();
    if (job.signal.aborted) {
      await save();
      throw interrupted();
    }
    if (step < end && job.checkpoints.due()) await save();
  }
  // What the last step did has met no loss yet.
  if (!parameters.every(Number.isFinite)) {
    throw new WinnowError(
      'LOSS_NOT_FINITE',
      'The last training step left weights that are not finite.',
      {
        hint: 'Lower the learning rate; `winnow run` takes --learning-rate, with another --out.',
      },
    );
  }
}
