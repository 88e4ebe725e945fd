import * as tf from '@tensorflow/tfjs-core';
import { toTensors } from '@winnow/models';
import {
  type ComponentRegistry,
  type Dataset,
  type Network,
  type TrainedNetwork,
  WinnowError,
  nextTurn,
} from '@winnow/plugin-api';
import { inferenceOf, parameterMask } from '@winnow/training';
import type { FreezeSetting, FrozenRun } from './freeze-run.ts';
import type { OpenDataset } from './open-dataset.ts';
import { reopenDataset } from './reopen-dataset.ts';
import type { RunConfig } from './run-config.ts';
import type { RunFolder } from './run-folder.ts';
import { buildNetwork } from './run-network.ts';
import { startBackendOf } from './start-chosen-backend.ts';
import { trainedNetwork } from './trained-network.ts';

/** Images at a time; as normalisation is frozen, it changes no prediction. */
const BATCH = 64;

export interface PredictSetting {
  readonly registry: ComponentRegistry;
  /** Paths of JPEG or PNG files. */
  readonly images: readonly string[];
  /** How many classes are told of each image, at most. */
  readonly top: number;
  /** In place of the one that the run was computed on. */
  readonly backend?: string | undefined;
  /** Opens the data. */
  readonly open?: OpenDataset | undefined;
  readonly onProgress: FreezeSetting['onProgress'];
}

export interface Prediction {
  readonly image: string;
  /** The likeliest, the first of which is the prediction. */
  readonly classes: readonly {
    readonly label: number;
    /** Where the data set names its classes. */
    readonly name?: string;
    readonly probability: number;
  }[];
}

export interface RunPredictions {
  readonly predictions: readonly Prediction[];
  /** Where the run was not frozen before. */
  readonly froze?: FrozenRun;
}

type ReadImage = NonNullable<Dataset['readImage']>;

/** Of logits, in float64. */
function softmax(logits: Float32Array): number[] {
  const largest = Math.max(...logits);
  const powers = Array.from(logits, (x) => Math.exp(x - largest));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The likeliest classes, the lower label first where two are alike. */
function likeliest(
  logits: Float32Array,
  top: number,
  names: readonly string[] | undefined,
): Prediction['classes'] {
  return softmax(logits)
    .map((probability, label) => {
      const name = names?.[label];
      return { label, ...(name !== undefined && { name }), probability };
    })
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);
}

/** Logits of image files, a few at a time. */
async function* logitsOf(
  images: readonly string[],
  readImage: ReadImage,
  network: Network,
  trained: TrainedNetwork,
): AsyncGenerator<readonly [image: string, logits: Float32Array]> {
  const { height, width, channels } = network.input;
  const own = new Set(network.parameters.map(({ name }) => name));
  const of = (isParameter: boolean) =>
    toTensors(new Map([...trained.tensors].filter(([name]) => own.has(name) === isParameter)));
  const [parameters, statistics] = [of(true), of(false)];
  const inference = inferenceOf(
    network,
    parameters,
    trained.mask && parameterMask(network, trained.mask),
  );
  try {
    for (let at = 0; at < images.length; at += BATCH) {
      const paths = images.slice(at, at + BATCH);
      const read = await Promise.all(paths.map((path) => readImage(path)));
      const pixels = new Float32Array(paths.length * height * width * channels);
      read.forEach((image, i) => pixels.set(image, i * image.length));
      const logits = tf.tidy(() => {
        const batch = tf.tensor4d(pixels, [paths.length, height, width, channels]);
        return inference.logits(batch, statistics).dataSync<'float32'>();
      });
      const { classes } = network;
      for (const [i, path] of paths.entries())
        yield [path, logits.subarray(i * classes, (i + 1) * classes)];
      await nextTurn();
    }
  } finally {
    inference.dispose();
    tf.dispose([parameters, statistics]);
  }
}

/**
 * What the network that a finished run trained takes images for, each read as those of its data set and by itself: with the
 * running statistics of `freezeRun`, which is done first where it was not. Throws UNSUPPORTED_DATA where the data set reads no
 * image files, what that throws of an image, and what `trainedNetwork` and `reopenDataset` do.
 */
export async function predictRun(
  folder: RunFolder,
  config: RunConfig,
  { registry, images, top, backend = 'auto', open, onProgress }: PredictSetting,
): Promise<RunPredictions> {
  await startBackendOf(config, backend, registry);
  const network = buildNetwork(config, registry);
  const dataset = await reopenDataset(config, registry, open);
  const { name, classNames } = dataset;
  if (!dataset.readImage) {
    throw new WinnowError('UNSUPPORTED_DATA', `The data set "${name}" reads no image files.`, {
      hint: '`winnow export` writes the network for programs that have images of their own.',
    });
  }
  const readImage: ReadImage = (path) => dataset.readImage!(path);
  const { trained, froze } = await trainedNetwork(folder, config, network, {
    elsewhere: true,
    registry,
    open,
    onProgress,
  });
  const predictions: Prediction[] = [];
  for await (const [image, logits] of logitsOf(images, readImage, network, trained))
    predictions.push({ image, classes: likeliest(logits, top, classNames) });
  return { predictions, ...(froze && { froze }) };
}
