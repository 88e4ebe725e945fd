import { arraySource, holdOut } from '@winnow/data';
import { type Dataset, type DatasetRecipe, defineDataset } from '@winnow/plugin-api';
import * as z from 'zod';
import { CIFAR_SHAPE, type CifarFormat, readCifar } from './cifar-binary.ts';
import { dataDir, limitTraining, trainImages } from './data-options.ts';
import { readAsIs } from './images/read-image.ts';

/** The paper's recipe for 32×32 images. */
export const cifarRecipe: DatasetRecipe = {
  learningRate: 0.1,
  epochs: 160,
  dropEpochs: [80, 120],
  warmupEpochs: 0,
  weightDecay: 1e-3,
  batchSize: 512,
};

export interface CifarVariant extends CifarFormat {
  readonly name: string;
  /** Per channel, of pixels from 0 to 1. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export const CIFAR_10: CifarVariant = {
  name: 'cifar10',
  title: 'CIFAR-10',
  folder: 'cifar-10-batches-bin',
  classes: 10,
  labelBytes: 1,
  trainFiles: [1, 2, 3, 4, 5].map((n) => ({ name: `data_batch_${n}.bin`, records: 10_000 })),
  testFiles: [{ name: 'test_batch.bin', records: 10_000 }],
  mean: [0.4914, 0.4822, 0.4465],
  std: [0.2023, 0.1994, 0.201],
};

export const CIFAR_100: CifarVariant = {
  name: 'cifar100',
  title: 'CIFAR-100',
  folder: 'cifar-100-binary',
  classes: 100,
  labelBytes: 2, // the coarse label, then the fine one
  trainFiles: [{ name: 'train.bin', records: 50_000 }],
  testFiles: [{ name: 'test.bin', records: 10_000 }],
  mean: [0.5071, 0.4867, 0.4408],
  std: [0.2675, 0.2565, 0.2761],
};

const options = z.strictObject({ dataDir, trainImages });

/** Opens CIFAR, a tenth of its training images held out for validation. Throws as `readCifar` does. */
export async function openCifar(
  variant: CifarVariant,
  { dataDir, trainImages }: z.output<typeof options>,
): Promise<Dataset> {
  const { name, classes } = variant;
  const { train, test, checksum } = await readCifar(variant, dataDir);
  const common = {
    shape: CIFAR_SHAPE,
    normalization: {
      mean: variant.mean.map((m) => m * 255),
      std: variant.std.map((s) => s * 255),
    },
  };
  const split = holdOut(
    arraySource({ ...train, ...common, augmentation: { padding: 4, flip: true } }),
  );
  return {
    name,
    input: CIFAR_SHAPE,
    classes,
    train: limitTraining(split.train, trainImages),
    validation: split.validation,
    test: arraySource({ ...test, ...common }),
    checksum,
    readImage: (path) => readAsIs(path, { name, ...common }),
    recipe: cifarRecipe,
  };
}

/** CIFAR-10 (Krizhevsky, 2009): 45,000 training, 5,000 validation and 10,000 test images [32, 32, 3]. */
export const cifar10 = defineDataset({
  name: 'cifar10',
  summary: 'photographs of 10 classes, 32×32, 60,000 images',
  options,
  argument: 'dataDir',
  places: ['dataDir'],
  open: (options) => openCifar(CIFAR_10, options),
});

/** CIFAR-100 (Krizhevsky, 2009) by its fine labels; 45,000 training, 5,000 validation and 10,000 test images [32, 32, 3]. */
export const cifar100 = defineDataset({
  name: 'cifar100',
  summary: 'photographs of 100 classes, 32×32, 60,000 images',
  options,
  argument: 'dataDir',
  places: ['dataDir'],
  open: (options) => openCifar(CIFAR_100, options),
});
