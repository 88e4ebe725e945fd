import type { Dataset, DatasetRecipe, Normalization, OpenSetting } from '@winnow/plugin-api';
import type { Parts } from '../arrange-parts.ts';
import { cifarRecipe } from '../cifar.ts';
import { limitTraining } from '../data-options.ts';
import { IMAGENET_NORMALIZATION, imagenetRecipe } from '../folders/imagenet-recipe.ts';
import { type EncodedImages, type ImageView, encodedSource } from './encoded-source.ts';
import { spreadSample, statisticsOf } from './pixel-sample.ts';
import { readInView } from './read-image.ts';

export interface StreamedDataset {
  readonly name: string;
  readonly parts: Parts<EncodedImages>;
  readonly view: Omit<ImageView, 'normalization'>;
  /** Computed from a sample of the training images where it is left out. */
  readonly normalization?: Normalization | undefined;
  readonly classes: number;
  readonly classNames?: readonly string[] | undefined;
  readonly checksum: string;
  readonly trainImages?: number | undefined;
  /** By the images' size where it is left out. */
  readonly recipe?: DatasetRecipe | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** Pixels as they are, 0 to 255. */
const RAW = { mean: [0, 0, 0], std: [1, 1, 1] };
const CHANNELS = 3;
/** Up to this side in pixels the paper's recipe for small images is taken. */
const SMALL = 64;

/**
 * A data set of images that are decoded when they are read. A sample of the training images is decoded here, which finds what is
 * wrong with all of them; not while verifying, which reads them all. Throws BAD_IMAGE.
 */
export async function streamedDataset(
  dataset: StreamedDataset,
  { verifying = false }: OpenSetting = {},
): Promise<Dataset> {
  const { name, parts, view, classes, classNames, checksum, trainImages, notes = [] } = dataset;
  const sample = spreadSample(parts.train.labels.length);
  const plain = encodedSource(parts.train, { ...view, normalization: RAW });
  const statistics = verifying ? RAW : await statisticsOf(plain, sample, CHANNELS);
  const normalization = dataset.normalization ?? statistics;
  const source = (images: EncodedImages) => encodedSource(images, { ...view, normalization });
  return {
    name,
    input: { height: view.size, width: view.size, channels: CHANNELS },
    classes,
    ...(classNames ? { classNames } : {}),
    // What is the same in every run of a data set need not be recorded.
    ...(normalization === IMAGENET_NORMALIZATION ? {} : { normalization }),
    train: limitTraining(source(parts.train), trainImages),
    validation: source(parts.validation),
    test: source(parts.test),
    checksum,
    readImage: (path) => readInView(path, { ...view, normalization }),
    ...(notes.length > 0 ? { notes } : {}),
    recipe: dataset.recipe ?? (view.size <= SMALL ? cifarRecipe : imagenetRecipe),
  };
}
