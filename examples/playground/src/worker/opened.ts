import * as tf from '@tensorflow/tfjs-core';
import { TrainingOrder } from '@winnow/data';
import models, { Packing, initialize } from '@winnow/models';
import builtIn from '@winnow/objectives';
import {
  ComponentRegistry,
  INTERRUPTED,
  type Network,
  type Objective,
  type ProgressReport,
  isWinnowError,
} from '@winnow/plugin-api';
import { cts, findTicket, prepareObjective } from '@winnow/pruners';
import { randomStreams } from '@winnow/tensor-backend';
import { stretch, trainUnder, trainingRecipe } from '@winnow/training';
import { BATCH_SIZE, type Speed } from '../plan.ts';
import { openDigits } from './digits.ts';
import { openOwnImages } from './own-images.ts';
import type { Images } from './images.ts';
import type { OpenedImages, OwnImage } from './search-api.ts';

/** Steps that are timed; the first ones also wake what computes. */
const WARM = 2;
const TIMED = 6;

/** Images, and the network for them. */
export interface Opened {
  readonly images: Images;
  readonly network: Network;
  readonly batchSize: number;
  readonly about: OpenedImages;
}

/** The recipe of the images, in so many epochs. */
export function recipeFor(
  { images, batchSize }: Pick<Opened, 'images' | 'batchSize'>,
  epochs: number,
) {
  return trainingRecipe(stretch({ ...images.recipe, batchSize }, epochs));
}

/** What a step takes: the median of a few, of work that is stopped after them. */
async function stepMs(
  work: (signal: AbortSignal, onProgress: (report: ProgressReport) => void) => Promise<unknown>,
): Promise<number> {
  const stop = new AbortController();
  const times: number[] = [];
  let last = performance.now();
  const onProgress = () => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    if (times.length === WARM + TIMED) stop.abort();
  };
  await work(stop.signal, onProgress).catch((error: unknown) => {
    if (!isWinnowError(error) || error.code !== INTERRUPTED) throw error;
  });
  const timed = times.slice(WARM).sort((a, b) => a - b);
  return timed[Math.floor(timed.length / 2)] ?? 0;
}

async function measure({ images, network, batchSize }: Omit<Opened, 'about'>): Promise<Speed> {
  const parameters = initialize(network, randomStreams(1)('initialisation'));
  const recipe = recipeFor({ images, batchSize }, WARM + TIMED);
  const setting = { network, parameters, train: images.train, recipe };
  try {
    const trainMs = await stepMs((signal, onProgress) =>
      trainUnder(undefined, { ...setting, signal, onProgress }).then(tf.dispose),
    );
    const options = { searchEpochs: WARM + TIMED };
    const searchMs = await stepMs((signal, onProgress) =>
      findTicket(cts, { ...setting, density: 0.5, options, signal, onProgress }),
    );
    return { trainMs, searchMs };
  } finally {
    tf.dispose(parameters);
  }
}

async function objectivesFor(network: Network, images: Images): Promise<Objective[]> {
  const fitting: Objective[] = [];
  for (const objective of builtIn.components) {
    if (objective.kind !== 'objective') continue;
    try {
      await prepareObjective(objective, { network, dataset: images });
      fitting.push(objective);
    } catch (error) {
      if (!isWinnowError(error)) throw error;
    }
  }
  return fitting;
}

/** Opens the digits, or images of the visitor's. Throws BAD_IMAGE, BAD_DATA. */
export async function open(own: readonly OwnImage[] | undefined): Promise<Opened> {
  const images = own ? await openOwnImages(own) : await openDigits();
  const model = new ComponentRegistry(models.components).get('model', 'resnet8');
  const network = model.build(images.input, images.classes, {});
  const batchSize = Math.min(BATCH_SIZE, images.train.length);
  const objectives = await objectivesFor(network, images);
  const order = new TrainingOrder(images.train.length, batchSize, randomStreams(1)('shuffling'));
  const about: OpenedImages = {
    classNames: images.classNames,
    shape: images.input,
    training: images.train.length,
    testing: images.test.length,
    weights: Packing.prunable(network).size,
    stepsAnEpoch: order.stepsPerEpoch,
    speed: await measure({ images, network, batchSize }),
    objectives: objectives.map(({ name, summary }) => ({ name, summary })),
  };
  return { images, network, batchSize, about };
}
