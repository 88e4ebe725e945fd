import type { Tensor1D, Tensor4D } from '@tensorflow/tfjs-core';
import type * as z from 'zod';
import { type GivenOptions, parseOptions } from './options.ts';

/** Pixels, and values a pixel. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Images on the host: normalised, row-major [n, height, width, channels], with one label each. */
export interface ImageBlock {
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** Uniform draws for augmenting the image at `position` of the indices that are read. */
export type AugmentationDraws = (position: number) => Float32Array;

/** How many uniform draws an augmentation may use for one image. */
export const DRAWS_PER_IMAGE = 24;

/** One part (training, validation or test) of a data set; it may live in memory or on a disk. */
export interface ImageSource {
  readonly length: number;
  /** The label of every image, known before any image is read. */
  readonly labels: Int32Array;
  /** Reads images in the order of `indices`; augments them when `draws` is given. */
  read(indices: ArrayLike<number>, draws?: AugmentationDraws): Promise<ImageBlock>;
}

/** The usual way to train on a data set; every value can be overridden. */
export interface DatasetRecipe {
  readonly learningRate: number;
  readonly epochs: number;
  /** The learning rate falls by 10 at the start of each of these epochs (0 is the first). */
  readonly dropEpochs: readonly number[];
  readonly warmupEpochs: number;
  readonly weightDecay: number;
  readonly batchSize: number;
}

/** Per channel, in the units of the pixels as stored (0 to 255 for bytes): an image is read as (pixel − mean) / std. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** A data set that has been opened: labelled images in three parts that share none. */
export interface Dataset {
  readonly name: string;
  readonly input: ImageShape;
  readonly classes: number;
  /** By label, where the data name them. */
  readonly classNames?: readonly string[];
  /** What images are normalised by, where that is not the same in every run: computed, or given. A run records it. */
  readonly normalization?: Normalization;
  readonly train: ImageSource;
  /** Held out of the training images; for choices. */
  readonly validation: ImageSource;
  /** For one report at the end. */
  readonly test: ImageSource;
  /** SHA-256 (hex) of what was read, so that a run can say which data it saw. */
  readonly checksum: string;
  readonly recipe: DatasetRecipe;
  /** What of the data was not taken, and the like, each a sentence. */
  readonly notes?: readonly string[];
  /**
   * An image file from elsewhere as these images are read, normalised: [height, width, channels]. Throws BAD_IMAGE where it is
   * none, or none of these. Left out where images are in no files.
   */
  readImage?(path: string): Promise<Float32Array>;
}

/** What a data set is opened for. */
export interface OpenSetting {
  /** Every image is about to be read to find the bad ones: leave those to their reads, and look at no image before. */
  readonly verifying?: boolean;
}

/** A data set by name, and how it is opened; `open` throws a `WinnowError` where the data are missing or damaged. */
export interface DatasetDescriptor<S extends z.ZodType = z.ZodType> {
  readonly kind: 'dataset';
  readonly name: string;
  readonly summary: string;
  /** The third party's plugin that brings it, set as that is loaded. */
  readonly plugin?: string;
  readonly options: S;
  /** The option that `NAME:VALUE` sets, where there is one. */
  readonly argument?: string;
  /** The options that say where the data lie; `checksum` says what they are, so that a run may find them elsewhere. */
  readonly places?: readonly string[];
  open(options?: GivenOptions, setting?: OpenSetting): Promise<Dataset>;
}

/** A data set as its author writes it; `open` gets the options checked, and with their defaults. */
export interface DatasetDefinition<S extends z.ZodType> extends Omit<
  DatasetDescriptor<S>,
  'kind' | 'plugin' | 'open'
> {
  open(options: z.output<S>, setting?: OpenSetting): Promise<Dataset>;
}

/** Makes a component of a data set, for `definePlugin`. */
export function defineDataset<S extends z.ZodType>(
  definition: DatasetDefinition<S>,
): DatasetDescriptor {
  return {
    ...definition,
    kind: 'dataset',
    open: async (options = {}, setting) =>
      definition.open(
        parseOptions(definition.options, options, `data set "${definition.name}"`),
        setting,
      ),
  };
}

/** One batch on the device. */
export interface Batch {
  /** [batch, height, width, channels] */
  readonly images: Tensor4D;
  /** int32 [batch] */
  readonly labels: Tensor1D;
}
